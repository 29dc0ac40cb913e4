// Ours have protocol 87 (a `local` one with it belongs to the kind `kernel-route`). BIRD's routes in a table that is no longer ours
// (another table id in the file, `down`) are stale: BIRD leaves them behind with `persist`, and nobody else would delete them. In a
// table in use, the kind `bird` recognises stale routes by their metric. Foreign routes are read only in the mesh table.
import type { Observe, Observed } from '../../engine/types.ts';
import type { KernelEvent } from '../../host/monitor-types.ts';
import type { HostReader } from '../../host/reader.ts';
import type { RouteInfo } from '../../host/types.ts';
import { BIRD_PROTOCOL, WGOSPF_PROTOCOL } from '../../net/names.ts';
import { notedPlaces } from '../bird-places.ts';
import { flushedRoutes } from './connected.ts';
import { isGuard, type RouteSpec } from './spec.ts';

export const observeRoutes: Observe<RouteSpec> = async (host, model) => {
  // with a namespace of its own, the mesh uses no table outside
  const inUse = model !== undefined && model.mesh.isolation !== 'netns' ? model.mesh.table.id : undefined;
  const { rtnl } = host;
  const [ours, beside, links, addresses] = await Promise.all([
    // listed apart from the table: this listing lacks none, however much BIRD writes meanwhile (listings.ts)
    rtnl.routes({ protocol: WGOSPF_PROTOCOL }),
    inUse === undefined ? [] : rtnl.routes({ table: inUse }),
    rtnl.links(),
    rtnl.addresses(),
  ]);
  const others = beside.filter(({ protocol }) => protocol !== WGOSPF_PROTOCOL);
  const flushed = model === undefined ? [] : flushedRoutes(model, { routes: [...ours, ...others], links, addresses });
  // Only our tables have the guard default, and main never has one.
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

/** BIRD's routes in tables without any note of a place: after /run was replaced, or from an earlier wgospf. */
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
