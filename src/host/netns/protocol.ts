// What the agent and its part inside a network namespace say to each other: JSON values, one a line, over a Unix socket. The
// first line of each side is its hello. Key material is in none: keys are named by file, and their reader is inside.
import type { HostErrorInit } from '../error.ts';
import type { Nft, Rtnetlink, Sysctl, Wireguard } from '../types.ts';

/** What is done inside. wireguard-go is started outside, where its socket must be. */
export interface InsideServices {
  readonly rtnl: Omit<Rtnetlink, 'close'>;
  readonly wg: Omit<Wireguard, 'startUserspace'>;
  readonly sysctl: Sysctl;
  readonly nft: Nft;
}

export type Service = keyof InsideServices;

type Served = { readonly [S in Service]: Readonly<Record<keyof InsideServices[S], true>> };

/** Every call that may be asked for; complete by its type. */
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
  /** of wgospf */
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

/** Of the agent. `calls` are those of one turn of its loop, and are made in one turn inside: so netlink joins them as well. */
export type Asked =
  | { readonly kind: 'hello'; readonly pid: number }
  | { readonly kind: 'calls'; readonly calls: readonly Call[] }
  /** from now on this connection carries what rtmon tells */
  | { readonly kind: 'monitor' }
  /** end, for all */
  | { readonly kind: 'end' };

/** Of the part inside. */
export type Told =
  | { readonly kind: 'hello'; readonly hello: Hello }
  | { readonly kind: 'replies'; readonly replies: readonly Reply[] }
  /** a piece of rtmon's stream, base64 */
  | { readonly kind: 'data'; readonly data: string }
  | { readonly kind: 'lost' }
  | { readonly kind: 'ended'; readonly reason: string };

/** Where the part inside listens: root's alone. */
export const socketOf = (name: string): string => `/run/wgospf/inside-${name}.sock`;
