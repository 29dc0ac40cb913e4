// The types of the leak check. A probe is one question to the kernel's FIB. A path is the kernel's answer, and whether it crosses
// between the mesh and the underlay.
import type { AddressInfo, LinkInfo, RouteAnswer, RouteInfo, RouteQuery, RuleInfo } from '../host/types.ts';
import type { Family } from '../net/ip.ts';

/** The facts from which the probes are made; read once from the host. */
export interface Ground {
  readonly links: readonly LinkInfo[];
  readonly addresses: readonly AddressInfo[];
  readonly routes: readonly RouteInfo[];
  readonly rules: readonly RuleInfo[];
  /** existing interfaces of the mesh, and names of the mesh that no link has */
  readonly mesh: ReadonlySet<string>;
  /** addresses to which a tunnel sends or may send: both families, without duplicates */
  readonly endpoints: readonly string[];
}

/** The start of a packet. */
export interface Origin {
  /** the row's name: `wg222`, `wg222, private`, `eth0`, `this host`, `this host by 10.69.1.11`, `this host in nycmesh` */
  readonly name: string;
  /** the row of which this is a variant: shown only if a path crosses, and reported with that row */
  readonly of?: string;
  /** `mesh`: arrives on a mesh interface, or has an own mesh address as source; `underlay`: arrives on another one; `own`: neither */
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
  /** one of many of its class: shown only if a path crosses */
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
  /** why this path must not exist; undefined if it may */
  readonly leak: string | undefined;
  /** it crosses, and mesh.transit or mesh.exit allows this */
  readonly allowed?: true;
}
