// A route. The kernel's key is table, destination and metric (and TOS, which we never set); the protocol is no part of it.
import type { Fields } from '../../engine/types.ts';
import type { RouteInfo } from '../../host/types.ts';
import { formatPrefix, type Family, type Prefix } from '../../net/ip.ts';
import { MAIN_TABLE } from '../../net/names.ts';

export interface RouteSpec extends RouteInfo {
  /** it is not there, though its address is: somebody has flushed one that the kernel makes once (connected.ts) */
  readonly flushed?: true;
}

export const routeKey = ({ table, dst, metric }: RouteSpec): string => `${table} ${formatPrefix(dst)} metric ${metric}`;

export type RouteField = 'type' | 'dev' | 'via' | 'hops' | 'nexthop' | 'flushed';

/** Ours has one next hop, or none. */
export const routeFields = ({ type, dev, via, hops, nexthop, flushed }: RouteSpec): Fields<RouteField> => ({
  ...{ type, dev, via: via ?? '', flushed: flushed === true ? 'yes' : 'no' },
  ...(hops === undefined ? {} : { hops: hops.map((hop) => `${hop.via ?? ''} ${hop.dev}`).join(', ') }),
  ...(nexthop === undefined ? {} : { nexthop: String(nexthop) }),
});

/** The worst metric there is: a default that the mesh learns always wins over the guard. */
export const GUARD_METRIC = 4294967295;

export const defaultPrefix = (family: Family): Prefix => ({
  family,
  address: family === 4 ? '0.0.0.0' : '::',
  length: 0,
});

export const isGuard = ({ type, dst, metric }: RouteSpec): boolean =>
  type === 'unreachable' && dst.length === 0 && metric === GUARD_METRIC;

/** As `ip route` takes it. */
export function routeText({ type, dst, dev, via, table, metric }: RouteSpec): string {
  const words = [
    ...(type === 'unicast' ? [] : [type]),
    dst.length === 0 ? 'default' : formatPrefix(dst),
    ...(via === undefined ? [] : ['via', via]),
    ...(dev === '' ? [] : ['dev', dev]),
    'table',
    table === MAIN_TABLE ? 'main' : String(table),
    // 0 (IPv4) and 1024 (IPv6) are what the kernel takes where nothing is said.
    ...(metric === (dst.family === 4 ? 0 : 1024) ? [] : ['metric', String(metric)]),
  ];
  return words.join(' ');
}
