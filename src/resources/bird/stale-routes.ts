// Kernel routes that BIRD put somewhere and does not know any more. With `persist`, a kernel protocol that gets another
// table or metric leaves its old routes for ever, and one with a lower metric wins over the new ones.
import { isHostError } from '../../host/error.ts';
import type { Host, RouteInfo } from '../../host/types.ts';
import { formatPrefix } from '../../net/ip.ts';
import { BIRD_PROTOCOL, MAIN_TABLE } from '../../net/names.ts';
import type { KernelPlace } from './kernel-place.ts';

const POLL_MS = 100;
/** two seconds for BIRD to fill the new place */
const POLLS = 20;

async function routesAt(host: Host, { family, table, metric }: KernelPlace): Promise<RouteInfo[]> {
  const routes = await host.rtnl.routes();
  return routes.filter(
    (r) =>
      r.protocol === BIRD_PROTOCOL &&
      r.table === (table ?? MAIN_TABLE) &&
      r.metric === metric &&
      r.dst.family === family,
  );
}

async function remove(host: Host, routes: readonly RouteInfo[]): Promise<void> {
  const removed = await Promise.allSettled(routes.map((route) => host.rtnl.deleteRoute(route)));
  for (const result of removed) {
    if (result.status === 'rejected' && !isHostError(result.reason, 'ESRCH')) throw result.reason;
  }
}

/** Deletes BIRD's routes at a place. */
export async function clearRoutes(host: Host, place: KernelPlace): Promise<void> {
  await remove(host, await routesAt(host, place));
}

/** The same once the new place has a route to each of their networks, so that no packet finds neither. */
export async function clearMovedRoutes(
  host: Host,
  { from, to }: { from: KernelPlace; to: KernelPlace },
): Promise<void> {
  for (let poll = 0; poll < POLLS; poll++) {
    const [old, now] = [await routesAt(host, from), await routesAt(host, to)];
    const known = new Set(now.map(({ dst }) => formatPrefix(dst)));
    if (old.every(({ dst }) => known.has(formatPrefix(dst)))) break;
    await host.sleep(POLL_MS);
  }
  await clearRoutes(host, from);
}
