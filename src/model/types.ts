// The desired router: every default is filled in, every name is a number, every item has its position in the file.
import type { Prefix } from '../net/ip.ts';
import type { BirdModel } from './bird-types.ts';
import type { OspfInterface } from './ospf-types.ts';
import type { SourceRef } from './source-ref.ts';

export type * from './bird-types.ts';
export type * from './ospf-types.ts';
export type * from './source-ref.ts';

/** The facts of the host that the resolver needs; read once before resolving. */
export interface HostEnv {
  /** false if IPv6 is absent or switched off: then no IPv6 rule or route is desired */
  readonly ipv6: boolean;
  /** whether this kernel can make WireGuard links itself */
  readonly kernelWireguard: boolean;
  /** interfaces that accept IPv6 router advertisements, sorted by name; absent if not read */
  readonly acceptsRa?: readonly string[];
  /** names of mesh links that foreign links have now; absent if there are none, or if not read */
  readonly foreignLinks?: readonly string[];
  /** whether this kernel has VRF devices; absent if not read */
  readonly vrf?: boolean;
  /** version of the installed BIRD (`2.0.12`); absent if none is found */
  readonly bird?: string | undefined;
  /** the user that a stopped BIRD will run as; absent if not read, or if there is no such user */
  readonly birdUser?: { readonly uid: number; readonly gid: number } | undefined;
}

/** Rule priorities, see docs/adr on rules and guards; all are between 1 and 32765. */
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
  /** own addresses, at most one per family, IPv4 first; no link-local one */
  readonly addresses: readonly Prefix[];
  /**
   * The link-local address that we give to a tunnel, derived from its public key, because the kernel gives it none. undefined
   * if none is wanted (wantsLinkLocal) or the key does not exist yet. Links with a MAC address get theirs from the kernel.
   */
  readonly linkLocal: Prefix | undefined;
  /** networks directly reachable over the link, in the mesh table; host bits clear, sorted, no duplicates */
  readonly routes: readonly Prefix[];
  readonly mtu: number | undefined;
  readonly ospf: OspfInterface | undefined;
  readonly source: SourceRef;
}

export interface LocalInterface extends MeshLink {
  /** `dummy`: made by us; `existing`: foreign, we only configure it */
  readonly kind: 'existing' | 'dummy';
}

export interface Endpoint {
  /** name or canonical address */
  readonly host: string;
  readonly port: number;
}

export interface Tunnel extends MeshLink {
  readonly mtu: number;
  /** the far end's addresses, at most one per family, IPv4 first */
  readonly peerAddresses: readonly string[];
  /** the far end's link-local address, if it derives its own as we do */
  readonly peerLinkLocal: string;
  readonly listenPort: number;
  /** absolute path */
  readonly privateKeyFile: string;
  /** why the key file could not be read, if the link-local address depends on it */
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
  /** names of links to hold down for now; absent for none. Not from the file: the daemon sets it if it cannot keep a guard in place */
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
     * What separates the mesh from the underlay: a table and rules; a VRF device; a network namespace. Device and namespace
     * have the name of the table.
     */
    readonly isolation: 'table' | 'vrf' | 'netns';
    /** networks of the mesh that the underlay may reach and whose packets may leave over it; all of `prefixes` with `exit` */
    readonly transit: readonly Prefix[];
    /** the mesh may use the table main: this router is its gateway to the internet */
    readonly exit: boolean;
    /** guards beside the rules: `auto` is a small table of nftables, made if nftables is available; nothing waits for it */
    readonly firewall: 'auto' | 'none' | 'nftables';
    /** how rules match packets from the mesh: one rule for each interface, or one for a mark that nftables sets */
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
    /** how a new device is configured; `auto`: by the wg tool if a pass makes few of them */
    readonly setup: 'auto' | 'wg' | 'netlink';
    /** threaded NAPI; `auto`: the kernel's own setting is kept */
    readonly threaded: boolean | 'auto';
    readonly source: SourceRef;
  };
  readonly bird: BirdModel;
}
