// The mesh table holds the directly connected networks (the kernel puts those into main alone) and ends in a refusal.
import type { Desired } from '../../engine/types.ts';
import type { RouterModel } from '../../model/types.ts';
import { formatPrefix, networkOf, type Prefix } from '../../net/ip.ts';
import { WGOSPF_PROTOCOL } from '../../net/names.ts';
import { families, meshLinks, unique, type MeshLink } from '../tags.ts';
import { defaultPrefix, GUARD_METRIC, routeKey, type RouteSpec } from './spec.ts';

/** In main the kernel makes the connected route itself; only further networks are ours to add there. */
function routesOf(link: MeshLink, main: boolean): readonly Prefix[] {
  const connected = link.addresses.map((address) => formatPrefix(networkOf(address)));
  return main ? link.routes.filter((prefix) => !connected.includes(formatPrefix(prefix))) : link.routes;
}

export function desiredRoutes(model: RouterModel): Desired<RouteSpec>[] {
  const { table, main, source } = model.mesh;
  const able = families(model);
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
  const connected = meshLinks(model).flatMap((link) =>
    routesOf(link, main)
      .filter(({ family }) => able.includes(family))
      .map((dst): Desired<RouteSpec> => ({
        spec: {
          table: table.id,
          type: 'unicast',
          dst,
          metric: dst.family === 4 ? 0 : 1024,
          protocol: WGOSPF_PROTOCOL,
          dev: link.name,
          via: undefined,
        },
        source: link.source,
      })),
  );
  return unique([...(main ? [] : guards), ...connected], routeKey);
}
