// The host as the rest of the program sees it. Every effect goes through one of these; test/fakes has a second
// implementation that must pass the same suite as the kernel.
import type { Family, Prefix } from '../net/ip.ts';
import type { Files } from './file-types.ts';
import type { Nft } from './nft-types.ts';
import type { Wireguard } from './wireguard-types.ts';

export type * from './file-types.ts';
export type * from './nft-types.ts';
export type * from './wireguard-types.ts';

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
}

export type RouteType =
  'unicast' | 'unreachable' | 'blackhole' | 'prohibit' | 'throw' | 'local' | 'broadcast' | 'other';

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
}

export type RuleAction = 'lookup' | 'goto' | 'nop' | 'blackhole' | 'unreachable' | 'prohibit' | 'other';

/** A routing policy rule (RTM_GETRULE; linux/fib_rules.h). */
export interface RuleInfo {
  readonly family: Family;
  readonly priority: number;
  readonly action: RuleAction;
  /** `lookup` only, else 0 */
  readonly table: number;
  /** `goto` only, else 0 */
  readonly target: number;
  /** '' where not given */
  readonly iif: string;
  /** packets of this host bound to this interface; absent where not given */
  readonly oif?: string;
  /** `0x57000000/0xff000000`, value and mask as ip-rule(8) prints them; absent where not given */
  readonly mark?: string;
  /** of packets that came in by a VRF's slave or are bound to the device; `lookup` is into its table, `table` is 0 then */
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
  /** every table, both families; cached (cloned) routes are left out */
  routes(): Promise<RouteInfo[]>;
  rules(): Promise<RuleInfo[]>;
  addLink(link: NewLink): Promise<void>;
  setLink(name: string, change: LinkChange): Promise<void>;
  deleteLink(name: string): Promise<void>;
  addAddress(address: AddressInfo): Promise<void>;
  deleteAddress(address: AddressInfo): Promise<void>;
  /** NLM_F_CREATE | NLM_F_EXCL */
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

/** Private and preshared key files. Key material never leaves this interface. */
export interface Keys {
  /** undefined where the file is missing; throws a HostError where it is unreadable or not a key */
  publicKeyOf(privateKeyFile: string): Promise<string | undefined>;
  /** SHA-256 hex of the key in the file, as in WgPeer; undefined where the file is missing */
  digestOf(presharedKeyFile: string): Promise<string | undefined>;
  /** `wg genkey > FILE`, mode 0600, never over an existing file; makes the folder 0700 where it is missing */
  generate(privateKeyFile: string): Promise<void>;
}

/** /proc/sys by dotted name with `/` for a dot inside a name, as in sysctl.d(5): `net.ipv4.conf.eth0/1.rp_filter`. */
export interface Sysctl {
  /** undefined where the kernel has no such name */
  read(name: string): Promise<string | undefined>;
  write(name: string, value: string): Promise<void>;
}

/** One reply of BIRD's control socket: its lines with their codes, the last one ends it. */
export interface BirdReply {
  readonly lines: readonly { readonly code: number; readonly text: string }[];
  /** code of the last line; under 8000 is success */
  readonly code: number;
}

/** Of `bird --version`. */
export interface BirdVersion {
  /** `2.0.12` */
  readonly text: string;
  readonly major: number;
}

/** A password of OSPF: the constant that bird.conf has for it, and the file that it stands in. */
export interface BirdSecretSource {
  readonly constant: string;
  readonly file: string;
}

/** The file of passwords that bird.conf includes. Their texts never leave this interface. */
export interface BirdSecrets {
  /** undefined where there is none; `nonce` changes with each writing, and is what `eval wgospf_secrets` tells of the running BIRD */
  state(
    file: string,
    sources: readonly BirdSecretSource[],
  ): Promise<{ readonly right: boolean; readonly nonce: string } | undefined>;
  /** mode 0640, root and the group */
  write(file: string, sources: readonly BirdSecretSource[], group: string): Promise<void>;
}

/** A BIRD of ours inside a network namespace. */
export interface BirdService {
  readonly netns: string;
  readonly configFile: string;
  readonly controlSocket: string;
}

export interface Bird {
  /** of the program that is installed; undefined where there is none */
  version(): Promise<BirdVersion | undefined>;
  /**
   * `bird -p -c FILE` as the user that BIRD runs as, told by the owner of its control socket
   * @returns undefined where it passes, else BIRD's own message
   */
  check(configFile: string, socket: string): Promise<string | undefined>;
  /**
   * one command that changes BIRD, in a session of its own; throws HostError ENOENT or ECONNREFUSED where BIRD is down,
   * ETIMEDOUT where it hangs, ECONNRESET where it ends before the reply is whole
   * @param deadline milliseconds, default 5000
   */
  command(socket: string, text: string, deadline?: number): Promise<BirdReply>;
  /** one question, in a session that is restricted first: BIRD answers 8007 to what would change it */
  ask(socket: string, question: string, deadline?: number): Promise<BirdReply>;
  /** starts it inside, as BIRD's own user, so that it outlives the agent; returns when its socket answers, at once where it runs */
  start(service: BirdService): Promise<void>;
  /** ends it, wherever it runs, and returns when its socket is dead; no error where it does not run */
  stop(service: BirdService): Promise<void>;
  /** the group that the running or packaged BIRD reads its file as: `bird`, or `root` */
  group(): Promise<string>;
}

/** What a reboot forgets and an apply must remember for `down`: values found before the first change (/run/wgospf). */
export interface Notes {
  all(): Promise<ReadonlyMap<string, string>>;
  /** keeps the first value noted under a key; later ones are ignored */
  note(key: string, value: string): Promise<void>;
  forget(key: string): Promise<void>;
}

/** Named network namespaces (ip-netns(8)): files of /run/netns. */
export interface NetworkNamespaces {
  /** sorted */
  list(): Promise<string[]>;
  /** `ip netns add NAME` with its `lo` up; EEXIST where there is one */
  add(name: string): Promise<void>;
  /** `ip netns delete NAME`: what was made in it goes, hardware falls back to the first namespace. A missing one is ENOENT */
  delete(name: string): Promise<void>;
  /**
   * A host whose rtnl, wg, sysctl and nft are those of the inside, all else as outside; undefined where there is no such
   * namespace. Links are made outside and moved in, so that WireGuard's encrypted packets stay outside
   */
  enter(name: string): Promise<Host | undefined>;
}

export interface Host {
  readonly rtnl: Rtnetlink;
  readonly wg: Wireguard;
  readonly keys: Keys;
  readonly sysctl: Sysctl;
  readonly nft: Nft;
  readonly files: Files;
  readonly bird: Bird;
  readonly birdSecrets: BirdSecrets;
  readonly notes: Notes;
  readonly netns: NetworkNamespaces;
  /** addresses of a name, canonical; empty where it does not resolve within two seconds */
  resolveName(name: string): Promise<string[]>;
  /** milliseconds since the epoch */
  now(): number;
  sleep(ms: number): Promise<void>;
  close(): void;
}
