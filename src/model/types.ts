// What the router shall be: every default filled in, every name a number, every item with its place in the file.
import type { Prefix } from '../net/ip.ts';
import type { BirdModel } from './bird-types.ts';
import type { OspfInterface } from './ospf-types.ts';
import type { SourceRef } from './source-ref.ts';

export type * from './bird-types.ts';
export type * from './ospf-types.ts';
export type * from './source-ref.ts';

/** What the resolver must know of the host; read once before resolving. */
export interface HostEnv {
  /** false where IPv6 is absent or switched off: no IPv6 rule or route is wanted then */
  readonly ipv6: boolean;
  /** whether this kernel makes WireGuard links itself */
  readonly kernelWireguard: boolean;
  /** interfaces that take IPv6 router advertisements, by name; absent where nobody looked */
  readonly acceptsRa?: readonly string[];
  /** names of the mesh that links of others bear now; absent where there are none, or nobody looked */
  readonly foreignLinks?: readonly string[];
  /** whether this kernel has VRF devices; absent where nobody looked */
  readonly vrf?: boolean;
  /** version of the installed BIRD (`2.0.12`); absent where none is found */
  readonly bird?: string | undefined;
  /** whom a BIRD that is down will run as; absent where nobody looked, or there is no such user */
  readonly birdUser?: { readonly uid: number; readonly gid: number } | undefined;
}

/** Rule priorities, see docs/adr on rules and guards; all lie between 1 and 32765. */
export interface Priorities {
  readonly localTo: number;
  readonly localFrom: number;
  readonly localGuard: number;
  readonly localSkip: number;
  readonly transitMesh: number;
  readonly transitOut: number;
  readonly interface: number;
  readonly tunnel: number;
  readonly transitIn: number;
  readonly spoofGuard: number;
  readonly reverseGuard: number;
  readonly forwardGuard: number;
  readonly end: number;
}

export interface MeshTable {
  readonly name: string;
  readonly id: number;
}

interface MeshLink {
  readonly name: string;
  /** own addresses, at most one of each family, IPv4 first; no link-local one */
  readonly addresses: readonly Prefix[];
  /**
   * The link-local address that we give to a tunnel, which has none of its own: derived from its public key. undefined
   * where none is wanted (wantsLinkLocal), or where the key is not made yet; links with a MAC get theirs from the kernel.
   */
  readonly linkLocal: Prefix | undefined;
  /** networks reached directly over the link, in the mesh table; host bits clear, sorted, no duplicates */
  readonly routes: readonly Prefix[];
  readonly mtu: number | undefined;
  readonly ospf: OspfInterface | undefined;
  readonly source: SourceRef;
}

export interface LocalInterface extends MeshLink {
  /** `dummy`: made by us; `existing`: another's, which we only configure */
  readonly kind: 'existing' | 'dummy';
}

export interface Endpoint {
  /** name or canonical address */
  readonly host: string;
  readonly port: number;
}

export interface Tunnel extends MeshLink {
  readonly mtu: number;
  /** the far end's, at most one of each family, IPv4 first */
  readonly peerAddresses: readonly string[];
  /** what the far end has if it derives its own as we do */
  readonly peerLinkLocal: string;
  readonly listenPort: number;
  /** absolute path */
  readonly privateKeyFile: string;
  /** why that could not be read, where the link-local address hangs on it */
  readonly keyFault?: string;
  readonly peer: {
    readonly publicKey: string;
    readonly endpoint: Endpoint | undefined;
    /** absolute path */
    readonly presharedKeyFile: string | undefined;
    /** seconds, 0: off */
    readonly persistentKeepalive: number;
    /** canonical, sorted as `compareText` of formatPrefix */
    readonly allowedIPs: readonly Prefix[];
    readonly source: SourceRef;
  };
}

export interface RouterModel {
  /** names of links that are to be down for now; absent for none. No word of the file: the daemon's, where a guard cannot be kept */
  readonly closed?: readonly string[];
  /** identifies the file's contents: first 12 hex digits of its SHA-256 */
  readonly generation: string;
  readonly routerId: string;
  readonly env: HostEnv;
  readonly mesh: {
    readonly table: MeshTable;
    /** the mesh has no table of its own: no rules, no guards */
    readonly main: boolean;
    /**
     * What keeps the mesh apart: a table and rules; a VRF device; a network namespace. Device and namespace bear the name
     * of the table.
     */
    readonly isolation: 'table' | 'vrf' | 'netns';
    /** networks of the mesh that the underlay reaches, and whose packets may leave by it; all of `prefixes` with `exit` */
    readonly transit: readonly Prefix[];
    /** the mesh may use main: this router is its gateway to the internet */
    readonly exit: boolean;
    /** beside the rules: `auto` is a small table that nothing waits for, and that is there where nftables is */
    readonly firewall: 'auto' | 'none' | 'nftables';
    /** how rules know what came from the mesh: one for each interface, or one for a mark that nftables sets */
    readonly match: 'iif' | 'mark';
    readonly prefixes: readonly Prefix[];
    readonly priorities: Priorities;
    readonly source: SourceRef;
  };
  /** sorted by name */
  readonly interfaces: readonly LocalInterface[];
  /** sorted by name */
  readonly tunnels: readonly Tunnel[];
  readonly wireguard: {
    readonly backend: 'kernel' | 'userspace';
    /** how a new device is configured; `auto`: by the wg tool as long as a pass makes few of them */
    readonly setup: 'auto' | 'wg' | 'netlink';
    /** threaded NAPI; `auto`: as the kernel has it */
    readonly threaded: boolean | 'auto';
    readonly source: SourceRef;
  };
  readonly bird: BirdModel;
}
