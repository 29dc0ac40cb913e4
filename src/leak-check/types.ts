// The leak check's words. A probe is one question to the kernel's FIB; a path is what the kernel answered, and whether the
// mesh and the underlay meet on it.
import type { AddressInfo, LinkInfo, RouteAnswer, RouteInfo, RouteQuery, WgDevice } from '../host/types.ts';
import type { Family } from '../net/ip.ts';

/** What the probes are made of; read from the host, once. */
export interface Ground {
  readonly links: readonly LinkInfo[];
  readonly addresses: readonly AddressInfo[];
  readonly routes: readonly RouteInfo[];
  readonly devices: readonly WgDevice[];
}

/** Where a packet starts. */
export interface Origin {
  /** the row's name: `wg222`, `eth0`, `this host`, `this host by 10.69.1.11`, `this host in nycmesh` */
  readonly name: string;
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
