// What the router shall be: every default filled in, every name a number, every item with its place in the file.
import type { Prefix } from '../net/ip.ts';

/** Where in the state file a thing was said; `line` and `col` count from 1. */
export interface SourceRef {
  readonly file: string;
  readonly line: number;
  readonly col: number;
  /** `tunnels.wg222.address` */
  readonly path: string;
}

/** What the resolver must know of the host; read once before resolving. */
export interface HostEnv {
  /** false where IPv6 is absent or switched off: no IPv6 rule or route is wanted then */
  readonly ipv6: boolean;
  /** whether this kernel makes WireGuard links itself */
  readonly kernelWireguard: boolean;
}

/** Rule priorities, see docs/adr on rules and guards; all lie between 1 and 32765. */
export interface Priorities {
  readonly localTo: number;
  readonly localFrom: number;
  readonly localGuard: number;
  readonly localSkip: number;
  readonly interface: number;
  readonly tunnel: number;
  readonly reverseGuard: number;
  readonly forwardGuard: number;
  readonly end: number;
}

export interface MeshTable {
  readonly name: string;
  readonly id: number;
}

export type OspfType = 'ptp' | 'ptmp' | 'broadcast' | 'nbma';

export interface OspfInterface {
  /** 1-65535 */
  readonly cost: number;
  readonly type: OspfType;
  readonly neighbors: readonly string[];
  readonly stub: boolean;
  /** seconds; undefined: BIRD's own default */
  readonly hello: number | undefined;
  readonly dead: number | undefined;
}

interface MeshLink {
  readonly name: string;
  readonly address: Prefix;
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
  readonly peerAddress: string | undefined;
  readonly listenPort: number;
  /** absolute path */
  readonly privateKeyFile: string;
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

export interface BirdModel {
  readonly area: string;
  /** prefixes that we originate into the mesh; empty: export none */
  readonly export: readonly Prefix[];
  readonly kernelMetric: number;
  readonly persist: boolean;
  /** BIRD's scan time, seconds */
  readonly scanTime: number;
  readonly configFile: string;
  readonly controlSocket: string;
  readonly source: SourceRef;
}

export interface RouterModel {
  /** identifies the file's contents: first 12 hex digits of its SHA-256 */
  readonly generation: string;
  readonly routerId: string;
  readonly env: HostEnv;
  readonly mesh: {
    readonly table: MeshTable;
    /** the mesh has no table of its own: no rules, no guards */
    readonly main: boolean;
    readonly isolation: 'table';
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
    readonly source: SourceRef;
  };
  readonly bird: BirdModel;
}
