// What `wgospf status` knows. Facts are those of the kernel, WireGuard and BIRD; a Status judges them.
import type { Condition, Plan } from '../engine/types.ts';
import type { OspfNeighbor } from '../host/bird/parse/neighbors.ts';
import type { HandshakeAge } from '../host/handshake-age.ts';
import type { SilenceOf } from '../host/silence.ts';
import type { AddressInfo, LinkInfo, RouteInfo, WgDevice } from '../host/types.ts';
import type { OspfType } from '../model/types.ts';
import type { Family } from '../net/ip.ts';

export type OspfFacts =
  { readonly up: true; readonly neighbors: readonly OspfNeighbor[] } | { readonly up: false; readonly reason: string };

/** The OSPF side of a mesh interface as the state file wants it. */
export interface WantedOspf {
  readonly cost: number;
  readonly type: OspfType;
  readonly neighbors: readonly string[];
  readonly stub: boolean;
  /** seconds between two hellos */
  readonly hello: number;
  /** OSPFv2 knows its neighbours by IPv4 addresses, OSPFv3 by link-local ones */
  readonly families: readonly Family[];
}

interface WantedLink {
  readonly name: string;
  /** `10.70.89.0/31`, IPv4 first; the link-local one where there is no other */
  readonly addresses: readonly string[];
  readonly mtu: number | undefined;
  readonly ospf: WantedOspf | undefined;
}

export interface WantedTunnel extends WantedLink {
  readonly listenPort: number;
  readonly peerKey: string;
  /** `HOST:PORT` as in the file; undefined on the listening side */
  readonly endpoint: string | undefined;
  readonly persistentKeepalive: number;
}

export interface WantedInterface extends WantedLink {
  readonly kind: 'existing' | 'dummy';
}

/** The mesh as the state file wants it or, where that is wrong, as the marks on the host show it. */
export interface Wanted {
  readonly table: { readonly name: string; readonly id: number } | undefined;
  readonly tunnels: readonly WantedTunnel[];
  readonly interfaces: readonly WantedInterface[];
}

export interface Facts {
  /** of the host (host/types.ts) */
  readonly handshakeAge: HandshakeAge;
  readonly silence: SilenceOf;
  readonly links: readonly LinkInfo[];
  readonly addresses: readonly AddressInfo[];
  readonly routes: readonly RouteInfo[];
  readonly devices: readonly WgDevice[];
  readonly ospf: OspfFacts;
  /** undefined where no plan could be made */
  readonly plan: Plan | undefined;
}

export type LinkState = 'up' | 'down' | 'absent';

export interface TunnelStatus {
  readonly name: string;
  readonly peerKey: string;
  /** where its packets go now, '' if not known yet */
  readonly endpoint: string;
  readonly configuredEndpoint: string | undefined;
  readonly addresses: readonly string[];
  readonly link: LinkState;
  /** seconds since the last handshake; undefined: never, or not known because the clock was set */
  readonly handshakeAge: number | undefined;
  /** seconds without a received packet, at least; 0 without observation, as without the daemon */
  readonly silentFor: number;
  /** seconds since the epoch, 0: never */
  readonly latestHandshake: number;
  /** as the kernel has them: `0.0.0.0/0`, `::/0` */
  readonly allowedIPs: readonly string[];
  readonly rxBytes: number;
  readonly txBytes: number;
  /** `idle`: WireGuard sends nothing without traffic, and there is none */
  readonly state: 'up' | 'idle' | 'down';
  /** `cost` is undefined if only BIRD has the adjacency, not the state file */
  readonly ospf: { readonly cost: number | undefined; readonly state: string } | undefined;
  /** why it is not `up` */
  readonly reason: string | undefined;
}

export interface AdjacencyStatus {
  readonly interface: string;
  /** undefined before it was seen */
  readonly routerId: string | undefined;
  readonly address: string | undefined;
  /** `none` where BIRD has no such neighbour */
  readonly state: string;
  readonly role: string;
  readonly deadTimer: number | undefined;
  /** false for the 2-Way of two routers of which neither is designated: theirs is complete (RFC 2328, 10.4) */
  readonly expectedFull: boolean;
  readonly reason: string | undefined;
}

export interface InterfaceStatus {
  readonly name: string;
  readonly kind: 'existing' | 'dummy';
  readonly addresses: readonly string[];
  readonly link: LinkState;
  readonly ospf: { readonly cost: number; readonly type: OspfType; readonly stub: boolean } | undefined;
  readonly reason: string | undefined;
}

export interface RouteCount {
  readonly protocol: string;
  readonly count: number;
}

export interface Status {
  readonly tunnels: readonly TunnelStatus[];
  readonly adjacencies: readonly AdjacencyStatus[];
  readonly interfaces: readonly InterfaceStatus[];
  readonly table: { readonly name: string; readonly id: number } | undefined;
  /** routes of the mesh table by protocol, most first */
  readonly routes: readonly RouteCount[];
  /** why BIRD reports no neighbours; undefined if it does */
  readonly birdProblem: string | undefined;
  /** operations that an apply would do; undefined where that is unknown */
  readonly pending: number | undefined;
  readonly inSync: boolean | undefined;
  readonly conditions: readonly Condition[];
}
