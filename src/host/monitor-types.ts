// The kernel's events: rtnetlink's multicast groups (linux/rtnetlink.h RTNLGRP_*), decoded.
import type { AddressInfo, LinkInfo, RouteInfo, RuleInfo } from './types.ts';

/** A setting that the kernel announces (RTM_NEWNETCONF): forwarding and rp_filter. */
export interface SettingInfo {
  /** dotted, as for Sysctl */
  readonly name: string;
  readonly value: string;
}

export type KernelEvent = (
  | { readonly kind: 'link'; readonly action: 'new' | 'deleted'; readonly object: LinkInfo }
  | { readonly kind: 'address'; readonly action: 'new' | 'deleted'; readonly object: AddressInfo }
  | { readonly kind: 'route'; readonly action: 'new' | 'deleted'; readonly object: RouteInfo }
  | { readonly kind: 'rule'; readonly action: 'new' | 'deleted'; readonly object: RuleInfo }
  | { readonly kind: 'setting'; readonly action: 'new'; readonly object: SettingInfo }
) & {
  /** the named network namespace of the event; absent: the agent's own */
  readonly netns?: string;
};

/** The kind of object that a message concerns, reported before decoding, also for messages that become no event. */
export type Touch =
  | { readonly kind: 'link' | 'address' | 'rule' | 'setting' | 'nexthop' }
  | { readonly kind: 'route'; readonly table: number; readonly protocol: number };

export interface MonitorHandlers {
  /** the events of one chunk, in their order */
  onEvents: (events: readonly KernelEvent[]) => void;
  /** events were lost (ENOBUFS), or listening just began, also after an interruption: a full look is needed */
  onOverflow: () => void;
  /** no events are received; the monitor tries again by itself. `reason` is for the operator */
  onDown?: (reason: string) => void;
  /** gets a route's table and protocol before it is decoded: false drops the event cheaply */
  wantRoute: (table: number, protocol: number) => boolean;
  /** called for every message, before `onEvents` gets the events of its chunk */
  onTouched?: (touch: Touch) => void;
}

export interface Monitor {
  close(): void;
}
