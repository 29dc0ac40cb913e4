import { isHostError } from '../../host/error.ts';
import type { Host } from '../../host/types.ts';
import { BIRD_PROTOCOL, WGOSPF_PROTOCOL } from '../../net/names.ts';
import { notedPlaces, placeNote } from '../bird-places.ts';
import type { RoutePayload } from './plan.ts';
import { isGuard, routeFields, routeKey, type RouteSpec } from './spec.ts';

/** ESRCH, ENODEV: the kernel has no such route, or no longer. */
async function remove(spec: RouteSpec, host: Host): Promise<void> {
  try {
    await host.rtnl.deleteRoute(spec);
  } catch (error) {
    if (!isHostError(error, 'ESRCH', 'ENODEV')) throw error;
  }
}

/** The guard marks the table as ours: routes that BIRD added since the plan must go before it, or nothing would mark them as ours. */
async function flushBird({ table, dst: { family } }: RouteSpec, host: Host): Promise<void> {
  const places = (await notedPlaces(host)).filter((place) => place.table === table);
  const routes = await host.rtnl.routes({ family, table, protocol: BIRD_PROTOCOL });
  const isOurs = ({ metric }: RouteSpec): boolean =>
    places.length === 0 || places.some((place) => place.family === family && place.metric === metric);
  await Promise.all(routes.filter(isOurs).map((route) => remove(route, host)));
  for (const place of places) if (place.family === family) await host.notes.forget(placeNote('', place));
}

/**
 * EEXIST is no failure if the route exists, is ours and is as desired: the listing of the plan may lack a route while others come and
 * go (fib6_dump_table). A listing of our protocol alone lacks none.
 */
async function add(spec: RouteSpec, host: Host): Promise<void> {
  try {
    await host.rtnl.addRoute(spec);
  } catch (error) {
    if (!isHostError(error, 'EEXIST') || !(await isThere(spec, host))) throw error;
  }
}

async function isThere(spec: RouteSpec, { rtnl }: Host): Promise<boolean> {
  const wanted = JSON.stringify(routeFields(spec));
  const ours = await rtnl.routes({ family: spec.dst.family, table: spec.table, protocol: WGOSPF_PROTOCOL });
  return ours.some((route) => routeKey(route) === routeKey(spec) && JSON.stringify(routeFields(route)) === wanted);
}

export async function applyRoute({ do: verb, spec, old }: RoutePayload, host: Host): Promise<void> {
  switch (verb) {
    case 'add':
      return add(spec, host);
    case 'delete':
      if (isGuard(spec)) await flushBird(spec, host);
      return remove(spec, host);
    case 'replace':
      // The key is the same, and the route is ours: only packets to this very network can miss it in between.
      if (old !== undefined) await remove(old, host);
      return add(spec, host);
  }
}
