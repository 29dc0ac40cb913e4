// What the kernel tells of itself: rtnetlink's multicast groups (linux/rtnetlink.h RTNLGRP_*), decoded.
import type { AddressInfo, LinkInfo, RouteInfo, RuleInfo } from './types.ts';

export type KernelEvent =
  | { readonly kind: 'link'; readonly action: 'new' | 'deleted'; readonly object: LinkInfo }
  | { readonly kind: 'address'; readonly action: 'new' | 'deleted'; readonly object: AddressInfo }
  | { readonly kind: 'route'; readonly action: 'new' | 'deleted'; readonly object: RouteInfo }
  | { readonly kind: 'rule'; readonly action: 'new' | 'deleted'; readonly object: RuleInfo };

export interface MonitorHandlers {
  /** a batch of events that came together, in their order */
  onEvents: (events: readonly KernelEvent[]) => void;
  /** events were lost (ENOBUFS) or the socket was made anew: only a full look tells what happened */
  onOverflow: () => void;
  /** cheap first look at a route's table and protocol, before it is decoded: false drops the event */
  wantRoute: (table: number, protocol: number) => boolean;
}

export interface Monitor {
  close(): void;
}
