// Which interface carries which traffic of the host itself, by the routes of main. Pure.
import type { NextHop, RouteInfo } from '../host/types.ts';
import type { RouterModel } from '../model/types.ts';
import { contains, formatPrefix, type Family, type Prefix } from '../net/ip.ts';
import { MAIN_TABLE } from '../net/names.ts';
import { vrfOf } from '../model/sides.ts';
import { meshLinks } from './tags.ts';

/** The protocol of routes from router advertisements (RTPROT_RA). */
const RA = 9;

/** Interfaces of the file that existed before us, and may carry more than the mesh. */
export const borrowedNames = (model: RouterModel): ReadonlySet<string> =>
  new Set(model.interfaces.filter(({ kind }) => kind === 'existing').map(({ name }) => name));

export const isMeshName = (model: RouterModel, dev: string): boolean =>
  dev === vrfOf(model) || meshLinks(model).some(({ name }) => name === dev);

export const inMesh = ({ mesh }: RouterModel, { address }: Pick<Prefix, 'address'>): Prefix | undefined =>
  mesh.prefixes.find((prefix) => contains(prefix, address));

/** One next hop if the route has one; its `dev` is empty if the route has no device. */
export const hopsOf = (route: RouteInfo): readonly NextHop[] => route.hops ?? [route];

interface Default extends NextHop {
  readonly protocol: number;
}

/** All next hops of the default routes of one family that have the best metric. */
function defaultsOf(routes: readonly RouteInfo[], family: Family): Default[] {
  const all = routes.filter(
    ({ table, type, dst }) => table === MAIN_TABLE && type === 'unicast' && dst.length === 0 && dst.family === family,
  );
  const best = Math.min(...all.map(({ metric }) => metric));
  return all
    .filter(({ metric }) => metric === best)
    .flatMap((route) => hopsOf(route).map(({ dev, via }) => ({ dev, via, protocol: route.protocol })));
}

/**
 * Interfaces that carry the host's default route. An IPv6 default route that a neighbour advertised on a mesh interface does not
 * count if IPv4 has an uplink elsewhere.
 */
export function uplinks(routes: readonly RouteInfo[], model: RouterModel): ReadonlySet<string> {
  const four = defaultsOf(routes, 4);
  const elsewhere = four.some(({ dev }) => dev !== '' && !isMeshName(model, dev));
  const six = defaultsOf(routes, 6).filter(
    ({ dev, protocol }) => !(protocol === RA && elsewhere && isMeshName(model, dev)),
  );
  return new Set([...four, ...six].map(({ dev }) => dev).filter((dev) => dev !== ''));
}

/** The cures if the host and the mesh both want an interface. The state file may have each of them, and each keeps the host reachable. */
export function cureFor(dev: string, addresses: readonly Prefix[], model: RouterModel): string {
  const clash = addresses.find((address) => inMesh(model, address) !== undefined);
  const inside = clash && inMesh(model, clash);
  const leave =
    clash === undefined || inside === undefined
      ? `take ${dev} out of interfaces:`
      : `narrow ${formatPrefix(inside)} of mesh.prefixes so that ${clash.address} is not inside, and leave ${dev} out of interfaces:`;
  return `${leave}; or give the host another uplink first; or, where this box is for the mesh alone, say mesh.table: main`;
}
