// The leak check's words. A probe is one question to the kernel's FIB; a path is what the kernel answered, and whether the
// mesh and the underlay meet on it.
import type { AddressInfo, LinkInfo, RouteAnswer, RouteInfo, RouteQuery, RuleInfo } from '../host/types.ts';
import type { Family } from '../net/ip.ts';

/** What the probes are made of; read from the host, once. */
export interface Ground {
  readonly links: readonly LinkInfo[];
  readonly addresses: readonly AddressInfo[];
  readonly routes: readonly RouteInfo[];
  readonly rules: readonly RuleInfo[];
  /** interfaces of the mesh that are there, and names of it that nobody bears */
  readonly mesh: ReadonlySet<string>;
  /** addresses that a tunnel sends to, or may: of both families, each once */
  readonly endpoints: readonly string[];
}

/** Where a packet starts. */
export interface Origin {
  /** the row's name: `wg222`, `wg222, private`, `eth0`, `this host`, `this host by 10.69.1.11`, `this host in nycmesh` */
  readonly name: string;
  /** the row that this is a variant of: shown only where something crosses, and told of together with it */
  readonly of?: string;
  /** `mesh`: comes in by a mesh interface, or bears an own mesh address; `underlay`: comes in by any other; `own`: neither */
  readonly side: 'mesh' | 'underlay' | 'own';
  /** '' for the host's own packets */
  readonly iif: string;
  /** the VRF device that a socket of the host is bound to */
  readonly oif?: string;
}

/** A class of destinations. */
export interface Destination {
  /** the column's name: `internet`, `bogon`, `underlay`, `endpoint`, `10.69.0.0/16`, `10.69.0.0/16 unknown` */
  readonly name: string;
  readonly side: 'mesh' | 'underlay';
  /** one of many of its class: shown only where something crosses */
  readonly further?: true;
}

export interface Probe {
  readonly family: Family;
  readonly origin: Origin;
  readonly destination: Destination;
  readonly query: RouteQuery;
}

export interface Path extends Probe {
  readonly answer: RouteAnswer;
  /** why this path must not be; undefined where it may */
  readonly leak: string | undefined;
  /** it crosses, and mesh.transit or mesh.exit says so */
  readonly allowed?: true;
}
