// Networks that this host reaches by its underlay and that mesh.prefixes claims: the mesh would make them unreachable. Pure.
import type { Condition } from '../../engine/types.ts';
import type { KernelEvent } from '../../host/monitor-types.ts';
import type { LinkInfo, NextHop, RouteInfo } from '../../host/types.ts';
import type { RouterModel } from '../../model/types.ts';
import { contains, formatPrefix } from '../../net/ip.ts';
import { isMarked, MAIN_TABLE, WGOSPF_PROTOCOL } from '../../net/names.ts';
import { hopsOf, isMeshName, uplinks } from '../uplinks.ts';

/** kernel, boot, static, ra, dhcp of linux/rtnetlink.h: made by a person or the kernel; routing programs change theirs by themselves */
const BY_HAND: readonly number[] = [0, 2, 3, 4, 9, 16];

function claimed(route: RouteInfo, model: RouterModel): string | undefined {
  const { table, type, dst, protocol } = route;
  if (table !== MAIN_TABLE || type !== 'unicast' || protocol === WGOSPF_PROTOCOL) return undefined;
  if (hopsOf(route).every(({ dev }) => isMeshName(model, dev))) return undefined;
  const prefix = model.mesh.prefixes.find((p) => p.length <= dst.length && contains(p, dst.address));
  return prefix && formatPrefix(prefix);
}

const hopWords = ({ via, dev }: NextHop): string[] => [
  ...(via === undefined ? [] : ['via', via]),
  ...(dev === '' ? [] : ['dev', dev]),
];

/** The words that ip-route(8) takes, also for several next hops: a delete without them might hit another route. */
const routeWords = (route: RouteInfo): string =>
  [
    formatPrefix(route.dst),
    ...(route.hops === undefined ? hopWords(route) : route.hops.flatMap((hop) => ['nexthop', ...hopWords(hop)])),
  ].join(' ');

/** Links with our mark will go, with their routes; the address of a connected route has a condition of its own. */
export function underlayRoutes(
  model: RouterModel,
  routes: readonly RouteInfo[],
  links: readonly LinkInfo[],
  toldOf: ReadonlySet<string>,
): Condition[] {
  const ours = new Set(links.filter(isMarked).map(({ name }) => name));
  const own = uplinks(routes, model);
  return routes
    .filter(
      (route) =>
        !hopsOf(route).every(({ dev }) => ours.has(dev)) &&
        !(route.protocol === 2 && toldOf.has(`${route.dev} ${formatPrefix(route.dst)}`)),
    )
    .flatMap((route) => {
      const prefix = claimed(route, model);
      return prefix === undefined ? [] : [tell(route, prefix, own)];
    });
}

function tell(route: RouteInfo, prefix: string, own: ReadonlySet<string>): Condition {
  const byHand = BY_HAND.includes(route.protocol);
  const words = routeWords(route);
  const join =
    route.dev === '' || own.has(route.dev) ? '' : `, name ${route.dev} under interfaces: if it is the mesh's`;
  const message =
    `main has the route ${words}, which is inside ${prefix} of mesh.prefixes: what it leads to would be looked for in the mesh alone, ` +
    `and be out of reach; narrow mesh.prefixes so that ${formatPrefix(route.dst)} is not inside${join}, ` +
    `or take the route away if nobody needs it (ip route del ${words})`;
  const subject = formatPrefix(route.dst);
  const severity = byHand ? 'error' : 'warning';
  return { code: 'underlay-route-inside-mesh', severity, subject, message, ...(byHand ? { veto: true } : {}) };
}

/** A default route by a mesh interface, or a route inside mesh.prefixes by another interface. */
export function stirsRoutes({ kind, object, netns }: KernelEvent, model: RouterModel): boolean {
  if (kind !== 'route' || netns !== undefined || model.mesh.main || object.table !== MAIN_TABLE) return false;
  return object.dst.length === 0
    ? hopsOf(object).some(({ dev }) => isMeshName(model, dev))
    : claimed(object, model) !== undefined;
}
