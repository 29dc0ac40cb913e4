import { isHostError } from '../../host/error.ts';
import type { Host } from '../../host/types.ts';
import { BIRD_PROTOCOL } from '../../net/names.ts';
import type { RoutePayload } from './plan.ts';
import { isGuard, type RouteSpec } from './spec.ts';

/** ESRCH, ENODEV: the kernel has no such route (any more). */
async function remove(spec: RouteSpec, host: Host): Promise<void> {
  try {
    await host.rtnl.deleteRoute(spec);
  } catch (error) {
    if (!isHostError(error, 'ESRCH', 'ENODEV')) throw error;
  }
}

/** The guard marks the table as ours: what BIRD put there since the plan must go before it, or nobody would know it as ours. */
async function flushBird(table: number, host: Host): Promise<void> {
  const routes = await host.rtnl.routes();
  const left = routes.filter((route) => route.table === table && route.protocol === BIRD_PROTOCOL);
  await Promise.all(left.map((route) => remove(route, host)));
}

export async function applyRoute({ do: verb, spec, old }: RoutePayload, host: Host): Promise<void> {
  switch (verb) {
    case 'add':
      return host.rtnl.addRoute(spec);
    case 'delete':
      if (isGuard(spec)) await flushBird(spec.table, host);
      return remove(spec, host);
    case 'replace':
      // Of the same key, and ours: no other packet but one to this very network can miss it in between.
      if (old !== undefined) await remove(old, host);
      return host.rtnl.addRoute(spec);
  }
}
