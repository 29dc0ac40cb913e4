// Links, addresses, routes and rules of one network namespace, and rtnetlink(7), which reads and changes them.
import type { Family, Prefix } from '../net/ip.ts';

/** A link (RTM_GETLINK; linux/if_link.h). */
export interface LinkInfo {
  readonly index: number;
  readonly name: string;
  /** IFLA_INFO_KIND; '' for hardware and loopback */
  readonly kind: string;
  /** IFF_UP */
  readonly up: boolean;
  readonly mtu: number;
  /** IFLA_IFALIAS, '' where there is none */
  readonly alias: string;
  /** the VRF device, bridge or bond that it belongs to (IFLA_MASTER), '' for none */
  readonly master: string;
  /** IFLA_VRF_TABLE of a VRF device */
  readonly table?: number;
}

/** Kinds of link that we make. */
export type LinkKind = 'wireguard' | 'dummy' | 'vrf';

export interface NewLink {
  readonly name: string;
  readonly kind: LinkKind;
  /** of a `vrf`, which cannot be made without one, and keeps it for life */
  readonly table?: number;
  readonly alias: string;
  readonly mtu: number | undefined;
}

export interface LinkChange {
  readonly up?: boolean;
  readonly mtu?: number;
  readonly alias?: string;
  /**
   * moves the link into /run/netns/NAME, '' out of a namespace to where the agent is; the rest of the change is made there.
   * It arrives down, without addresses and routes; kind, MTU and alias stay, and so does the socket of a WireGuard link
   */
  readonly netns?: string;
  /** '' releases it; ENODEV where there is no such master */
  readonly master?: string;
}

/** An address (RTM_GETADDR; linux/if_addr.h). */
export interface AddressInfo {
  readonly dev: string;
  readonly prefix: Prefix;
  /** IFA_ADDRESS of an IPv4 `address A peer B` where it differs from the local one */
  readonly peer: string | undefined;
  /** IFA_PROTO, 0 where the kernel (before 5.18) or its maker said nothing */
  readonly protocol: number;
  /** IFA_F_DADFAILED: IPv6, and another host of the link has it already (RFC 4862) */
  readonly duplicate?: true;
  /** IFA_F_TENTATIVE: IPv6, and nobody knows as yet whether another host has it; the kernel has no route to it before */
  readonly tentative?: true;
  /** IFA_F_NOPREFIXROUTE: the kernel makes no route of its network */
  readonly noPrefixRoute?: true;
}

export type RouteType =
  'unicast' | 'unreachable' | 'blackhole' | 'prohibit' | 'throw' | 'local' | 'broadcast' | 'multicast' | 'other';

/** One of the next hops of a route that has several. */
export interface NextHop {
  readonly dev: string;
  readonly via: string | undefined;
}

/** A route (RTM_GETROUTE; linux/rtnetlink.h). IPv6 metric is what the kernel shows (0 asked means 1024). */
export interface RouteInfo {
  readonly table: number;
  readonly type: RouteType;
  readonly dst: Prefix;
  readonly metric: number;
  readonly protocol: number;
  /** '' for a route without a device (unreachable, or several next hops) */
  readonly dev: string;
  readonly via: string | undefined;
  /** RTA_PREFSRC of a route that is added; not read back */
  readonly src?: string;
  /** RTA_MULTIPATH: its several next hops; absent where it has one, or none */
  readonly hops?: readonly NextHop[];
  /** RTA_NH_ID: the next hop is an object of its own (ip-nexthop(8)); absent where it is not */
  readonly nexthop?: number;
}

/** Of the routes only these; what is absent, or undefined, is all. */
export interface RouteFilter {
  readonly family?: Family | undefined;
  readonly table?: number | undefined;
  readonly protocol?: number | undefined;
  /** by this link, with one next hop of several too; none where there is no such link */
  readonly dev?: string | undefined;
  readonly touching?: RouteTouch | undefined;
}

/** Of many routes the few that one of these is true of. The kernel cannot be asked for it: judged while its answer is read. */
export interface RouteTouch {
  /** the destination is one of these networks, or inside one */
  readonly inside?: readonly Prefix[];
  /** by one of these links, with one next hop of several too */
  readonly devs?: readonly string[];
  /** default routes */
  readonly defaults?: true;
}

export type RuleAction = 'lookup' | 'goto' | 'nop' | 'blackhole' | 'unreachable' | 'prohibit' | 'other';

/** What a rule has packets do. */
export type RuleVerdict =
  /** without a table with `l3mdev` alone: into that of the VRF */
  | { readonly action: 'lookup'; readonly table?: number }
  | { readonly action: 'goto'; readonly target: number }
  | { readonly action: Exclude<RuleAction, 'lookup' | 'goto'> };

/** A routing policy rule (RTM_GETRULE; linux/fib_rules.h). */
export type RuleInfo = RuleSelector & RuleVerdict;

/** Which packets a rule is about, and whose it is. */
export interface RuleSelector {
  readonly family: Family;
  readonly priority: number;
  /** '' where not given */
  readonly iif: string;
  /** packets of this host bound to this interface; absent where not given */
  readonly oif?: string;
  /** `0x57000000/0xff000000`, value and mask as ip-rule(8) prints them; absent where not given */
  readonly mark?: string;
  /** of packets that came in by a VRF's slave or are bound to the device */
  readonly l3mdev?: true;
  readonly from: Prefix | undefined;
  readonly to: Prefix | undefined;
  readonly protocol: number;
  /** every other attribute (uidrange, tun_id, not, ...), as a stable text; '' for none of them */
  readonly extra: string;
}

/** One packet, as `ip route get TO from FROM iif IIF` asks for it. */
export interface RouteQuery {
  readonly to: string;
  /** undefined: the kernel chooses */
  readonly from: string | undefined;
  /** '': a packet of this host itself */
  readonly iif: string;
  /** what nftables would have put on it by now; absent for 0 */
  readonly mark?: number;
  /** the VRF device that the sending socket is bound to; absent for none */
  readonly oif?: string;
}

/** Where the kernel would send a packet: out of `dev`, to this host itself, or nowhere. */
export type RouteAnswer =
  | { readonly verdict: 'forward'; readonly dev: string; readonly table: number }
  | { readonly verdict: 'local' }
  /** `code`: the errno name, ENETUNREACH of a rule, EHOSTUNREACH of a route, EXDEV of rp_filter (net/ipv4/route.c) */
  | { readonly verdict: 'refused'; readonly code: string };

/**
 * rtnetlink(7). Calls made in the same tick travel in one buffer, in the order of the calls. Errors are HostErrors with the
 * kernel's errno; nothing is swallowed here. A name that is no link gives ENODEV.
 */
export interface Rtnetlink {
  links(): Promise<LinkInfo[]>;
  addresses(): Promise<AddressInfo[]>;
  /**
   * Cached (cloned) routes are left out. Where the kernel checks requests strictly (Linux 4.20) it goes through what is asked
   * for alone: ask for little, as a host may have a million routes that are none of ours.
   */
  routes(of?: RouteFilter): Promise<RouteInfo[]>;
  rules(): Promise<RuleInfo[]>;
  addLink(link: NewLink): Promise<void>;
  setLink(name: string, change: LinkChange): Promise<void>;
  deleteLink(name: string): Promise<void>;
  addAddress(address: AddressInfo): Promise<void>;
  deleteAddress(address: AddressInfo): Promise<void>;
  /** NLM_F_CREATE | NLM_F_EXCL; EINVAL for one with several next hops */
  addRoute(route: RouteInfo): Promise<void>;
  deleteRoute(route: RouteInfo): Promise<void>;
  addRule(rule: RuleInfo): Promise<void>;
  /** deletes the rule that equals in every field, never one that only resembles it */
  deleteRule(rule: RuleInfo): Promise<void>;
  /** RTM_GETROUTE: the answers in the order of the queries; a query by an interface that is no link gives ENODEV */
  lookUp(queries: readonly RouteQuery[]): Promise<RouteAnswer[]>;
  /** whether the kernel knows `kind` (it may load a module for it); no link is made */
  supportsLinkKind(kind: LinkKind): Promise<boolean>;
  close(): void;
}
