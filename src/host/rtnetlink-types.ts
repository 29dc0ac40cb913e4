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
  /** IFLA_IFALIAS, '' for none */
  readonly alias: string;
  /** the VRF device, bridge or bond that it belongs to (IFLA_MASTER), '' for none */
  readonly master: string;
  /** IFLA_VRF_TABLE of a VRF device */
  readonly table?: number;
}

/** Kinds of link that wgospf makes. */
export type LinkKind = 'wireguard' | 'dummy' | 'vrf';

export interface NewLink {
  readonly name: string;
  readonly kind: LinkKind;
  /** for a `vrf`: it cannot be made without a table, and its table never changes */
  readonly table?: number;
  readonly alias: string;
  readonly mtu: number | undefined;
}

export interface LinkChange {
  readonly up?: boolean;
  readonly mtu?: number;
  readonly alias?: string;
  /**
   * moves the link into /run/netns/NAME, or with '' to the agent's namespace; the rest of the change is made there.
   * The link arrives down, without addresses and routes; it keeps kind, MTU, alias, and the socket of a WireGuard link
   */
  readonly netns?: string;
  /** '' releases the link from its master; ENODEV if there is no such master */
  readonly master?: string;
}

/** An address (RTM_GETADDR; linux/if_addr.h). */
export interface AddressInfo {
  readonly dev: string;
  readonly prefix: Prefix;
  /** IFA_ADDRESS of an IPv4 `address A peer B`, if it differs from the local address */
  readonly peer: string | undefined;
  /** IFA_PROTO, 0 if the kernel (before 5.18) or the creator of the address set none */
  readonly protocol: number;
  /** IFA_F_DADFAILED: IPv6, and another host on the link already has the address (RFC 4862) */
  readonly duplicate?: true;
  /** IFA_F_TENTATIVE: IPv6, and duplicate address detection still runs; until it ends the kernel has no route to the address */
  readonly tentative?: true;
  /** IFA_F_NOPREFIXROUTE: the kernel makes no route to its network */
  readonly noPrefixRoute?: true;
}

export type RouteType =
  'unicast' | 'unreachable' | 'blackhole' | 'prohibit' | 'throw' | 'local' | 'broadcast' | 'multicast' | 'other';

/** One of the next hops of a route that has several. */
export interface NextHop {
  readonly dev: string;
  readonly via: string | undefined;
}

/** A route (RTM_GETROUTE; linux/rtnetlink.h). The metric of IPv6 is the one that the kernel shows (for 0 it uses 1024). */
export interface RouteInfo {
  readonly table: number;
  readonly type: RouteType;
  readonly dst: Prefix;
  readonly metric: number;
  readonly protocol: number;
  /** '' for a route without a device (unreachable, or several next hops) */
  readonly dev: string;
  readonly via: string | undefined;
  /** RTA_PREFSRC when the route is added; never read back */
  readonly src?: string;
  /** RTA_MULTIPATH: its several next hops; absent if it has one, or none */
  readonly hops?: readonly NextHop[];
  /** RTA_NH_ID: the next hop is an object of its own (ip-nexthop(8)); absent if it is not */
  readonly nexthop?: number;
}

/** Selects routes; a field that is absent or undefined selects all. */
export interface RouteFilter {
  readonly family?: Family | undefined;
  readonly table?: number | undefined;
  readonly protocol?: number | undefined;
  /** routes with a next hop over this link, even if it is one of several; no route if there is no such link */
  readonly dev?: string | undefined;
  readonly touching?: RouteTouch | undefined;
}

/** Selects the routes that match at least one of these fields. The kernel has no such filter: applied while its answer is read. */
export interface RouteTouch {
  /** the destination is one of these networks, or inside one */
  readonly inside?: readonly Prefix[];
  /** routes with a next hop over one of these links, even if it is one of several */
  readonly devs?: readonly string[];
  /** default routes */
  readonly defaults?: true;
}

export type RuleAction = 'lookup' | 'goto' | 'nop' | 'blackhole' | 'unreachable' | 'prohibit' | 'other';

/** What a rule does with packets. */
export type RuleVerdict =
  /** the table is absent only with `l3mdev`: the lookup is in the table of the VRF */
  | { readonly action: 'lookup'; readonly table?: number }
  | { readonly action: 'goto'; readonly target: number }
  | { readonly action: Exclude<RuleAction, 'lookup' | 'goto'> };

/** A routing policy rule (RTM_GETRULE; linux/fib_rules.h). */
export type RuleInfo = RuleSelector & RuleVerdict;

/** Which packets a rule matches, and its protocol. */
export interface RuleSelector {
  readonly family: Family;
  readonly priority: number;
  /** '' for none */
  readonly iif: string;
  /** packets of this host that are bound to this interface; absent for none */
  readonly oif?: string;
  /** `0x57000000/0xff000000`, value and mask as ip-rule(8) prints them; absent for none */
  readonly mark?: string;
  /** packets that arrived on a member interface of a VRF, or are bound to the VRF device */
  readonly l3mdev?: true;
  readonly from: Prefix | undefined;
  readonly to: Prefix | undefined;
  readonly protocol: number;
  /** every other attribute (uidrange, tun_id, not, ...), as a stable text; '' for none */
  readonly extra: string;
}

/** One packet, as in `ip route get TO from FROM iif IIF`. */
export interface RouteQuery {
  readonly to: string;
  /** undefined: the kernel chooses */
  readonly from: string | undefined;
  /** '': a packet of this host itself */
  readonly iif: string;
  /** the mark that nftables would already have set; absent for 0 */
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
 * rtnetlink(7). Calls made in the same tick are sent in one buffer, in the order of the calls. Errors are HostErrors with the
 * kernel's errno; no error is ignored. A name that is no link gives ENODEV.
 */
export interface Rtnetlink {
  links(): Promise<LinkInfo[]>;
  addresses(): Promise<AddressInfo[]>;
  /**
   * Without cached (cloned) routes. A kernel that checks requests strictly (Linux 4.20) reads only the requested
   * routes: request few, because a host may have a million routes that are not ours.
   */
  routes(of?: RouteFilter): Promise<RouteInfo[]>;
  rules(): Promise<RuleInfo[]>;
  addLink(link: NewLink): Promise<void>;
  setLink(name: string, change: LinkChange): Promise<void>;
  deleteLink(name: string): Promise<void>;
  addAddress(address: AddressInfo): Promise<void>;
  deleteAddress(address: AddressInfo): Promise<void>;
  /** NLM_F_CREATE | NLM_F_EXCL; EINVAL for a route with several next hops */
  addRoute(route: RouteInfo): Promise<void>;
  deleteRoute(route: RouteInfo): Promise<void>;
  addRule(rule: RuleInfo): Promise<void>;
  /** deletes the rule that is equal in every field, never one that is only similar */
  deleteRule(rule: RuleInfo): Promise<void>;
  /** RTM_GETROUTE: the answers in the order of the queries; a query with an interface that is no link gives ENODEV */
  lookUp(queries: readonly RouteQuery[]): Promise<RouteAnswer[]>;
  /** whether the kernel knows `kind` (it may load a module for it); no link is made */
  supportsLinkKind(kind: LinkKind): Promise<boolean>;
  close(): void;
}
