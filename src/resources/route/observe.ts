// Ours carry protocol 87 (a `local` one with it is of the kind `kernel-route`). BIRD's routes in a table that was ours and is no
// longer (another table id in the file, `down`) are stale: BIRD leaves them behind with `persist`, and nobody else would take
// them away. In a table that is in use the kind `bird` tells which are stale, by their metric. Of all others' routes those of
// the mesh table are looked at, and no others.
import type { Observe, Observed } from '../../engine/types.ts';
import type { KernelEvent } from '../../host/monitor-types.ts';
import type { HostReader } from '../../host/reader.ts';
import type { RouteInfo } from '../../host/types.ts';
import { BIRD_PROTOCOL, WGOSPF_PROTOCOL } from '../../net/names.ts';
import { notedPlaces } from '../bird-places.ts';
import { flushedRoutes } from './connected.ts';
import { isGuard, type RouteSpec } from './spec.ts';

export const observeRoutes: Observe<RouteSpec> = async (host, model) => {
  // with a namespace of its own the mesh uses no table here
  const inUse = model !== undefined && model.mesh.isolation !== 'netns' ? model.mesh.table.id : undefined;
  const { rtnl } = host;
  const [ours, beside, links, addresses] = await Promise.all([
    // apart from the table: however much BIRD writes meanwhile, this listing lacks none (listings.ts)
    rtnl.routes({ protocol: WGOSPF_PROTOCOL }),
    inUse === undefined ? [] : rtnl.routes({ table: inUse }),
    rtnl.links(),
    rtnl.addresses(),
  ]);
  const others = beside.filter(({ protocol }) => protocol !== WGOSPF_PROTOCOL);
  const flushed = model === undefined ? [] : flushedRoutes(model, { routes: [...ours, ...others], links, addresses });
  // The guard default marks a table as ours alone; main never has one.
  const given = new Set(ours.filter(isGuard).map(({ table }) => table));
  if (inUse !== undefined) given.delete(inUse);
  return {
    objects: [
      ...ours.map((spec) => ({ spec, owned: spec.type !== 'local' })),
      ...(await leftByBird(host, [...given])).map((spec) => ({ spec, owned: true })),
      ...[...others, ...flushed].map((spec) => ({ spec, owned: false })),
    ],
  };
};

/** Of a table that we have no note of everything: after a change of /run, and of an earlier wgospf. */
async function leftByBird(host: HostReader, tables: readonly number[]): Promise<RouteInfo[]> {
  if (tables.length === 0) return [];
  const noted = new Set((await notedPlaces(host)).map(({ table }) => table));
  const unknown = tables.filter((table) => !noted.has(table));
  const found = await Promise.all(unknown.map((table) => host.rtnl.routes({ table, protocol: BIRD_PROTOCOL })));
  return found.flat();
}

export const routeFromEvent = ({ kind, object }: KernelEvent): Observed<RouteSpec> | undefined =>
  kind === 'route'
    ? { spec: object, owned: object.protocol === WGOSPF_PROTOCOL && object.type !== 'local' }
    : undefined;
