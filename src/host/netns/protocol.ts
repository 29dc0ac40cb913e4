// The protocol between the agent and its part inside a network namespace: JSON values, one per line, over a Unix socket. The
// first line of each side is its hello. No line contains key material: lines name key files, and the part inside reads them.
import type { HostErrorInit } from '../error.ts';
import type { Nft, Rtnetlink, Sysctl, Wireguard } from '../types.ts';

/** The operations done inside. wireguard-go is started outside, because its socket must be there. */
export interface InsideServices {
  readonly rtnl: Omit<Rtnetlink, 'close'>;
  readonly wg: Omit<Wireguard, 'startUserspace'>;
  readonly sysctl: Sysctl;
  readonly nft: Nft;
}

export type Service = keyof InsideServices;

type Served = { readonly [S in Service]: Readonly<Record<keyof InsideServices[S], true>> };

/** Every allowed call; the type makes the list complete. */
export const served: Served = {
  rtnl: {
    ...{ links: true, addresses: true, routes: true, rules: true, lookUp: true, supportsLinkKind: true },
    ...{ addLink: true, setLink: true, deleteLink: true, addAddress: true, deleteAddress: true },
    ...{ addRoute: true, deleteRoute: true, addRule: true, deleteRule: true },
  },
  wg: { devices: true, setconf: true, set: true, save: true, stopUserspace: true, userspaceDevices: true },
  sysctl: { read: true, write: true },
  nft: { list: true, run: true },
};

export interface Hello {
  readonly pid: number;
  /** version of wgospf */
  readonly version: string;
  /** the inode of its network namespace (nsfs) */
  readonly netns: number;
}

export interface Call {
  readonly id: number;
  readonly service: string;
  readonly name: string;
  readonly args: readonly unknown[];
}

export type Reply =
  | { readonly id: number; readonly value?: unknown }
  | { readonly id: number; readonly error: Omit<HostErrorInit, 'cause'> };

/** Messages of the agent. `calls` are those of one turn of its event loop, made in one turn inside, so that netlink batches them too. */
export type Asked =
  | { readonly kind: 'hello'; readonly pid: number }
  | { readonly kind: 'calls'; readonly calls: readonly Call[] }
  /** from now on this connection carries rtmon's stream */
  | { readonly kind: 'monitor' }
  /** ends the process, for all connections */
  | { readonly kind: 'end' };

/** Messages of the part inside. */
export type Told =
  | { readonly kind: 'hello'; readonly hello: Hello }
  | { readonly kind: 'replies'; readonly replies: readonly Reply[] }
  /** a piece of rtmon's stream, base64 */
  | { readonly kind: 'data'; readonly data: string }
  | { readonly kind: 'lost' }
  | { readonly kind: 'ended'; readonly reason: string };

/** The socket of the part inside; only root may connect. */
export const socketOf = (name: string): string => `/run/wgospf/inside-${name}.sock`;
