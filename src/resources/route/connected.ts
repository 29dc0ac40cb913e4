// Connected networks that the kernel routes by itself in main: it makes the route once, with the address. If somebody flushed the
// route, this kind puts it back. (The kind `kernel-route` has those of a VRF's table and of link-local networks.)
import type { AddressInfo, LinkInfo } from '../../host/types.ts';
import type { RouterModel } from '../../model/types.ts';
import { bitsOf, formatPrefix, networkOf, type Prefix } from '../../net/ip.ts';
import { WGOSPF_PROTOCOL } from '../../net/names.ts';
import { meshLinks, type MeshLink } from '../tags.ts';
import type { RouteSpec } from './spec.ts';

/** IP6_RT_PRIO_ADDRCONF of net/ip6_route.h; IPv4 has no metric (fib_add_ifaddr) */
const METRIC = { 4: 0, 6: 256 } as const;

/** A network of one host has no connected route. */
const networksOf = ({ addresses }: MeshLink): Prefix[] =>
  addresses.map(networkOf).filter(({ family, length }) => length < bitsOf(family));

export const connectedRoutes = (link: MeshLink, table: number): RouteSpec[] =>
  networksOf(link).map((dst) => ({
    ...{ table, type: 'unicast', dst, metric: METRIC[dst.family], protocol: WGOSPF_PROTOCOL },
    ...{ dev: link.name, via: undefined },
  }));

export interface Found {
  readonly routes: readonly RouteSpec[];
  readonly links: readonly LinkInfo[];
  readonly addresses: readonly AddressInfo[];
}

/** Connected routes that the kernel made and somebody flushed; a route with another metric does the same. */
export function flushedRoutes(model: RouterModel, { routes, links, addresses }: Found): RouteSpec[] {
  if (!model.mesh.main) return [];
  const isThere = ({ table, dst, dev }: RouteSpec): boolean =>
    routes.some((r) => r.table === table && r.dev === dev && formatPrefix(r.dst) === formatPrefix(dst));
  const stands = ({ dst, dev }: RouteSpec): boolean =>
    links.some(({ name, up }) => name === dev && up) &&
    addresses.some((a) => a.dev === dev && formatPrefix(networkOf(a.prefix)) === formatPrefix(dst));
  return meshLinks(model)
    .flatMap((link) => connectedRoutes(link, model.mesh.table.id))
    .filter((route) => stands(route) && !isThere(route))
    .map((route) => ({ ...route, flushed: true }));
}
