// Routes that lead to the other side: to a network outside the mesh over a mesh interface, or to a mesh network over another
// interface. The kernel is asked whether a packet takes such a route; most packets meet a guard first. Pure.
import type { RouteInfo } from '../host/types.ts';
import type { RouterModel } from '../model/types.ts';
import { contains, containsPrefix, formatPrefix, type Family } from '../net/ip.ts';
import { isLinkLocal } from '../net/link-local.ts';
import { LOCAL_TABLE } from '../net/names.ts';
import { hostOf } from './addresses.ts';
import { isMesh, type Aim } from './destinations.ts';
import type { Ground } from './types.ts';

/** RTPROT_KERNEL: the network of an interface's own address */
const KERNEL = 2;
/** Limit per family: if BIRD or somebody else fills a table by mistake, some of its routes are enough. */
const AT_MOST = 32;

/** Routes of the mesh table to networks outside the mesh do not count: others announce them, and the host does not use them. */
function isOdd({ mesh: { table, prefixes } }: RouterModel, route: RouteInfo, mesh: ReadonlySet<string>): boolean {
  if (route.type !== 'unicast' || route.table === LOCAL_TABLE || route.protocol === KERNEL) return false;
  const inside = prefixes.some((p) => containsPrefix(p, route.dst));
  // the kernel chooses among several next hops for each packet: one that leads across is enough
  const hops = (route.hops ?? [route]).map(({ dev }) => mesh.has(dev));
  return inside ? hops.includes(false) : hops.includes(true) && route.table !== table.id;
}

export function oddRoutes(model: RouterModel, { routes, addresses, mesh }: Ground, family: Family): Aim[] {
  const own = new Set(addresses.map(({ prefix }) => prefix.address));
  const aims = routes
    .filter(({ dst }) => dst.family === family && dst.length > 0 && !isLinkLocal(dst.address))
    .filter((route) => isOdd(model, route, mesh))
    .flatMap(({ dst }): Aim[] => {
      const address = hostOf(dst, own);
      if (address === undefined || isMulticast(address)) return [];
      return [{ name: formatPrefix(dst), side: isMesh(model, address) ? 'mesh' : 'underlay', address, further: true }];
    });
  return [...new Map(aims.map((aim) => [aim.name, aim])).values()].slice(0, AT_MOST);
}

const MULTICAST = [
  { family: 4, address: '224.0.0.0', length: 4 },
  { family: 6, address: 'ff00::', length: 8 },
] as const;

const isMulticast = (address: string): boolean => MULTICAST.some((prefix) => contains(prefix, address));
