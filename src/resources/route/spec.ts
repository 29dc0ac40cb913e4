// A route. The kernel's key is table, destination and metric (and TOS, which we never set), but not the protocol.
import type { Fields } from '../../engine/types.ts';
import type { RouteInfo } from '../../host/types.ts';
import { formatPrefix, type Family, type Prefix } from '../../net/ip.ts';
import { MAIN_TABLE } from '../../net/names.ts';

export interface RouteSpec extends RouteInfo {
  /** the route is absent although its address exists: somebody flushed a route that the kernel makes only once (connected.ts) */
  readonly flushed?: true;
}

export const routeKey = ({ table, dst, metric }: RouteSpec): string => `${table} ${formatPrefix(dst)} metric ${metric}`;

export type RouteField = 'type' | 'dev' | 'via' | 'hops' | 'nexthop' | 'flushed';

/** A route of ours has one next hop, or none. */
export const routeFields = ({ type, dev, via, hops, nexthop, flushed }: RouteSpec): Fields<RouteField> => ({
  ...{ type, dev, via: via ?? '', flushed: flushed === true ? 'yes' : 'no' },
  ...(hops === undefined ? {} : { hops: hops.map((hop) => `${hop.via ?? ''} ${hop.dev}`).join(', ') }),
  ...(nexthop === undefined ? {} : { nexthop: String(nexthop) }),
});

/** The worst possible metric: a default route that the mesh learns always wins over the guard. */
export const GUARD_METRIC = 4294967295;

export const defaultPrefix = (family: Family): Prefix => ({
  family,
  address: family === 4 ? '0.0.0.0' : '::',
  length: 0,
});

export const isGuard = ({ type, dst, metric }: RouteSpec): boolean =>
  type === 'unreachable' && dst.length === 0 && metric === GUARD_METRIC;

/** The words that `ip route` takes. */
export function routeText({ type, dst, dev, via, table, metric }: RouteSpec): string {
  const words = [
    ...(type === 'unicast' ? [] : [type]),
    dst.length === 0 ? 'default' : formatPrefix(dst),
    ...(via === undefined ? [] : ['via', via]),
    ...(dev === '' ? [] : ['dev', dev]),
    'table',
    table === MAIN_TABLE ? 'main' : String(table),
    // 0 (IPv4) and 1024 (IPv6) are the kernel's defaults.
    ...(metric === (dst.family === 4 ? 0 : 1024) ? [] : ['metric', String(metric)]),
  ];
  return words.join(' ');
}
