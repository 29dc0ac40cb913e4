// Finds which of the kernel's own routes for the addresses of each mesh link that is up somebody has flushed.
import type { Observe, Observed } from '../../engine/types.ts';
import type { KernelEvent } from '../../host/monitor-types.ts';
import type { HostReader } from '../../host/reader.ts';
import type { AddressInfo, LinkInfo, RouteInfo } from '../../host/types.ts';
import { vrfOf } from '../../model/sides.ts';
import { mainRoutes } from '../../model/main-routes.ts';
import type { RouterModel } from '../../model/types.ts';
import { formatPrefix } from '../../net/ip.ts';
import { isLinkLocal } from '../../net/link-local.ts';
import { KERNEL_PROTOCOL, MAIN_TABLE, WGOSPF_PROTOCOL } from '../../net/names.ts';
import { meshLinks } from '../tags.ts';
import { expectedRoutes } from './expected.ts';
import type { KernelRouteSpec } from './spec.ts';

/** A route with another metric or protocol does the same. */
const sameWay = (a: RouteInfo, b: RouteInfo): boolean =>
  a.table === b.table && a.dev === b.dev && a.type === b.type && formatPrefix(a.dst) === formatPrefix(b.dst);

const isOurLocal = ({ type, protocol }: RouteInfo): boolean => type === 'local' && protocol === WGOSPF_PROTOCOL;

interface Ground {
  readonly addresses: readonly AddressInfo[];
  readonly routes: readonly RouteInfo[];
}

function look(model: RouterModel, link: LinkInfo, { addresses, routes }: Ground): KernelRouteSpec {
  const whole = vrfOf(model) !== '';
  const table = whole ? model.mesh.table.id : MAIN_TABLE;
  const own = routes.filter(({ dev }) => dev === link.name);
  const expected = expectedRoutes(link.name, { addresses, table, whole });
  const here = new Set(addresses.filter(({ dev }) => dev === link.name).map(({ prefix }) => prefix.address));
  return {
    link: link.name,
    missing: unlike(expected.filter((route) => !own.some((found) => sameWay(found, route)))),
    stale: own.filter((route) => isOurLocal(route) && !here.has(route.dst.address)),
  };
}

/** A link that is not yet in its VRF, or still in another one, goes down and up when it enters the VRF, and so gets its routes. */
function isAtHome(master: LinkInfo | undefined, model: RouterModel): boolean {
  const vrf = vrfOf(model);
  if (vrf === '') return master?.kind !== 'vrf';
  return master?.name === vrf && master.table === model.mesh.table.id;
}

/** Two addresses of one network share its route. */
const unlike = (routes: readonly RouteInfo[]): RouteInfo[] =>
  routes.filter((route, at) => routes.findIndex((other) => sameWay(other, route)) === at);

/** All routes of the table where the kernel's own belong, and ours of every table; main may also hold all routes of the internet. */
async function routesOf({ rtnl }: HostReader, model: RouterModel, devs: readonly string[]): Promise<RouteInfo[]> {
  const whole = vrfOf(model) !== '';
  const [there, ours] = await Promise.all([
    whole ? rtnl.routes({ table: model.mesh.table.id, touching: { devs } }) : rtnl.routes(mainRoutes(model)),
    rtnl.routes({ protocol: WGOSPF_PROTOCOL }),
  ]);
  return [...there.filter(({ protocol }) => protocol !== WGOSPF_PROTOCOL), ...ours];
}

export const observeKernelRoutes: Observe<KernelRouteSpec> = async (host, model) => {
  if (model === undefined) return { objects: [] };
  const names = new Set(meshLinks(model).map(({ name }) => name));
  const [links, addresses, routes] = await Promise.all([
    host.rtnl.links(),
    host.rtnl.addresses(),
    routesOf(host, model, [...names]),
  ]);
  const settled = links.filter(({ name, up, master }) => {
    if (!names.has(name) || !up) return false;
    return isAtHome(
      links.find((other) => other.name === master),
      model,
    );
  });
  return { objects: settled.map((link) => ({ spec: look(model, link, { addresses, routes }), owned: false })) };
};

/** The kernel deleted or added an own route of a mesh link. */
export function kernelRouteFromEvent(
  { kind, action, object }: KernelEvent,
  model: RouterModel,
): Observed<KernelRouteSpec> | undefined {
  if (kind !== 'route' || !(object.protocol === KERNEL_PROTOCOL || isOurLocal(object))) return undefined;
  if (!meshLinks(model).some(({ name }) => name === object.dev)) return undefined;
  const inVrf = vrfOf(model) !== '' && object.table === model.mesh.table.id;
  // beside a mesh table of its own, main is the host's, and nobody listens to its events: the next full look finds a change
  const shared = model.mesh.main && object.table === MAIN_TABLE && isLinkLocal(object.dst.address);
  if (!(inVrf && kept.has(object.type)) && !shared) return undefined;
  const missing = action === 'deleted' ? [object] : [];
  return { spec: { link: object.dev, missing, stale: [] }, owned: false };
}

/** Changes of broadcast and anycast addresses are ignored. */
const kept: ReadonlySet<RouteInfo['type']> = new Set(['unicast', 'local', 'multicast']);
