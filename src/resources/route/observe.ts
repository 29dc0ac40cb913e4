// Ours carry protocol 87 (a `local` one with it is of the kind `kernel-route`). BIRD's routes in a table that was ours and is no longer (another table id in the file, `down`)
// are stale, and so are its IPv6 ones where no OSPF is for IPv6 any more: BIRD leaves them behind with `persist`, and nobody
// else would take them away.
import type { Observation, Observed } from '../../engine/types.ts';
import type { KernelEvent } from '../../host/monitor-types.ts';
import type { Host } from '../../host/types.ts';
import { placeOf } from '../../model/sides.ts';
import type { RouterModel } from '../../model/types.ts';
import { BIRD_PROTOCOL, WGOSPF_PROTOCOL } from '../../net/names.ts';
import { goneRoutes } from './connected.ts';
import { isGuard, type RouteSpec } from './spec.ts';

export async function observeRoutes(host: Host, model: RouterModel | undefined): Promise<Observation<RouteSpec>> {
  const [routes, links, addresses] = await Promise.all([host.rtnl.routes(), host.rtnl.links(), host.rtnl.addresses()]);
  const flushed = model === undefined ? [] : goneRoutes(model, { routes, links, addresses });
  // The guard default marks a table as ours alone; main never has one.
  const tables = new Set(routes.filter((r) => r.protocol === WGOSPF_PROTOCOL && isGuard(r)).map(({ table }) => table));
  // with a namespace of its own the mesh uses no table here
  const inUse = model !== undefined && placeOf(model) === '' ? model.mesh.table.id : undefined;
  const current = model?.mesh.main === false ? inUse : undefined;
  const carried = model?.bird.instances.some(({ ipv6 }) => ipv6) === true ? [4, 6] : [4];
  if (inUse !== undefined) tables.delete(inUse);
  const isStale = ({ protocol, table, dst }: RouteSpec): boolean =>
    protocol === BIRD_PROTOCOL && (tables.has(table) || (table === current && !carried.includes(dst.family)));
  return {
    objects: [
      ...routes.map((spec) => ({
        spec,
        owned: (spec.protocol === WGOSPF_PROTOCOL && spec.type !== 'local') || isStale(spec),
      })),
      ...flushed.map((spec) => ({ spec, owned: false })),
    ],
  };
}

export const routeFromEvent = ({ kind, object }: KernelEvent): Observed<RouteSpec> | undefined =>
  kind === 'route'
    ? { spec: object, owned: object.protocol === WGOSPF_PROTOCOL && object.type !== 'local' }
    : undefined;
