// Routes that lead to the other side: one by a mesh interface to what is not the mesh's, one of a mesh network by another
// interface. Whether a packet takes such a route is asked of the kernel; most meet a guard first. Pure.
import type { RouteInfo } from '../host/types.ts';
import type { RouterModel } from '../model/types.ts';
import { contains, containsPrefix, formatPrefix, type Family } from '../net/ip.ts';
import { isLinkLocal } from '../net/link-local.ts';
import { LOCAL_TABLE } from '../net/names.ts';
import { hostOf } from './addresses.ts';
import { isMesh, type Aim } from './destinations.ts';
import type { Ground } from './types.ts';

/** RTPROT_KERNEL: the network of an address, which is where the interface is */
const KERNEL = 2;
/** For each family: a table that BIRD or somebody else fills in error is told of by some of it. */
const AT_MOST = 32;

/** What others announce to the mesh is none of the host's ways: its table is asked for mesh addresses alone. */
function isOdd({ mesh: { table, prefixes } }: RouterModel, route: RouteInfo, mesh: ReadonlySet<string>): boolean {
  if (route.type !== 'unicast' || route.table === LOCAL_TABLE || route.protocol === KERNEL) return false;
  const inside = prefixes.some((p) => containsPrefix(p, route.dst));
  // the kernel takes one of several next hops by the packet: one that leads across is enough
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
