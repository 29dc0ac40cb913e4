// What the kernel tells of itself: rtnetlink's multicast groups (linux/rtnetlink.h RTNLGRP_*), decoded.
import type { AddressInfo, LinkInfo, RouteInfo, RuleInfo } from './types.ts';

/** A setting that the kernel announces (RTM_NEWNETCONF): forwarding and rp_filter. */
export interface SettingInfo {
  /** dotted, as Sysctl takes it */
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
  /** the named network namespace that it happened in; absent: the agent's own */
  readonly netns?: string;
};

/** What a message is about, told before it is read: of those, too, of which no event is made. */
export type Touch =
  | { readonly kind: 'link' | 'address' | 'rule' | 'setting' | 'nexthop' }
  | { readonly kind: 'route'; readonly table: number; readonly protocol: number };

export interface MonitorHandlers {
  /** a batch of events that came together, in their order */
  onEvents: (events: readonly KernelEvent[]) => void;
  /** events were lost (ENOBUFS), or listening began now, the first time and after a break: only a full look tells what happened */
  onOverflow: () => void;
  /** nobody listens; it is tried again by itself. `reason` is what an operator must read */
  onDown?: (reason: string) => void;
  /** cheap first look at a route's table and protocol, before it is decoded: false drops the event */
  wantRoute: (table: number, protocol: number) => boolean;
  /** of every message, before `onEvents` has what came with it */
  onTouched?: (touch: Touch) => void;
}

export interface Monitor {
  close(): void;
}
