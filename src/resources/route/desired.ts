// The mesh table has the directly connected networks (the kernel puts those only into main), and the guard as its last route.
import type { Desired } from '../../engine/types.ts';
import type { RouterModel } from '../../model/types.ts';
import { formatPrefix, networkOf, type Prefix } from '../../net/ip.ts';
import { WGOSPF_PROTOCOL } from '../../net/names.ts';
import { vrfOf } from '../../model/sides.ts';
import { families, meshLinks, unique, type MeshLink } from '../tags.ts';
import { connectedRoutes } from './connected.ts';
import { defaultPrefix, GUARD_METRIC, routeKey, type RouteSpec } from './spec.ts';

/** In main and in a VRF's table the kernel makes the connected route itself; there, only further networks are ours to add. */
function routesOf(link: MeshLink, byKernel: boolean): readonly Prefix[] {
  const connected = link.addresses.map((address) => formatPrefix(networkOf(address)));
  return byKernel ? link.routes.filter((prefix) => !connected.includes(formatPrefix(prefix))) : link.routes;
}

const over = ({ name }: MeshLink, dst: Prefix, table: number): RouteSpec => ({
  ...{ table, type: 'unicast', dst, metric: dst.family === 4 ? 0 : 1024, protocol: WGOSPF_PROTOCOL },
  ...{ dev: name, via: undefined },
});

export function desiredRoutes(model: RouterModel): Desired<RouteSpec>[] {
  const { table, main, source } = model.mesh;
  const able = families(model);
  const byKernel = main || vrfOf(model) !== '';
  // the kernel asks the VRF's table before any rule of ours, so it must not refuse what may leave by main; the rules still guard
  const opensVrf = vrfOf(model) !== '' && model.mesh.transit.length > 0;
  const guards = able.map((family): Desired<RouteSpec> => ({
    spec: {
      table: table.id,
      type: 'unreachable',
      dst: defaultPrefix(family),
      metric: GUARD_METRIC,
      protocol: WGOSPF_PROTOCOL,
      dev: '',
      via: undefined,
    },
    source,
  }));
  // a link that is down has no routes
  const open = meshLinks(model).filter(({ name }) => model.closed?.includes(name) !== true);
  const connected = open.flatMap((link) =>
    [
      ...(main ? connectedRoutes(link, table.id).map((spec) => ({ spec, borrowed: true })) : []),
      ...routesOf(link, byKernel).map((dst) => ({ spec: over(link, dst, table.id) })),
    ]
      .filter(({ spec }) => able.includes(spec.dst.family))
      .map((desired): Desired<RouteSpec> => ({ ...desired, source: link.source })),
  );
  return unique([...(main || opensVrf ? [] : guards), ...connected], routeKey);
}
