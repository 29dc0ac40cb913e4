// What of this host's own traffic goes by which interface, as main says it. Pure.
import type { NextHop, RouteInfo } from '../host/types.ts';
import type { RouterModel } from '../model/types.ts';
import { contains, formatPrefix, type Family, type Prefix } from '../net/ip.ts';
import { MAIN_TABLE } from '../net/names.ts';
import { vrfOf } from '../model/sides.ts';
import { meshLinks } from './tags.ts';

/** What comes of router advertisements (RTPROT_RA). */
const RA = 9;

/** Interfaces of the file that were there before us, and may carry more than the mesh. */
export const borrowedNames = (model: RouterModel): ReadonlySet<string> =>
  new Set(model.interfaces.filter(({ kind }) => kind === 'existing').map(({ name }) => name));

export const isMeshName = (model: RouterModel, dev: string): boolean =>
  dev === vrfOf(model) || meshLinks(model).some(({ name }) => name === dev);

export const inMesh = ({ mesh }: RouterModel, { address }: Pick<Prefix, 'address'>): Prefix | undefined =>
  mesh.prefixes.find((prefix) => contains(prefix, address));

/** One for a route with one; without a device where it has none. */
export const hopsOf = (route: RouteInfo): readonly NextHop[] => route.hops ?? [route];

interface Default extends NextHop {
  readonly protocol: number;
}

/** The next hops of the default routes that win, of one family; of a route with several each. */
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
 * Interfaces that carry the host's default route. Of IPv6 one that a neighbour has advertised on an interface of the mesh is none,
 * where IPv4 has an uplink elsewhere.
 */
export function uplinks(routes: readonly RouteInfo[], model: RouterModel): ReadonlySet<string> {
  const four = defaultsOf(routes, 4);
  const elsewhere = four.some(({ dev }) => dev !== '' && !isMeshName(model, dev));
  const six = defaultsOf(routes, 6).filter(
    ({ dev, protocol }) => !(protocol === RA && elsewhere && isMeshName(model, dev)),
  );
  return new Set([...four, ...six].map(({ dev }) => dev).filter((dev) => dev !== ''));
}

/** What can be done where an interface is the host's and is to be the mesh's; each of them is accepted, and cuts nobody off. */
export function cureFor(dev: string, addresses: readonly Prefix[], model: RouterModel): string {
  const clash = addresses.find((address) => inMesh(model, address) !== undefined);
  const inside = clash && inMesh(model, clash);
  const leave =
    clash === undefined || inside === undefined
      ? `take ${dev} out of interfaces:`
      : `narrow ${formatPrefix(inside)} of mesh.prefixes so that ${clash.address} is not inside, and leave ${dev} out of interfaces:`;
  return `${leave}; or give the host another uplink first; or, where this box is for the mesh alone, say mesh.table: main`;
}
