import { isHostError } from '../../host/error.ts';
import type { Host } from '../../host/types.ts';
import type { RoutePayload } from './plan.ts';
import type { RouteSpec } from './spec.ts';

/** ESRCH, ENODEV: the kernel has no such route (any more). */
async function remove(spec: RouteSpec, host: Host): Promise<void> {
  try {
    await host.rtnl.deleteRoute(spec);
  } catch (error) {
    if (!isHostError(error, 'ESRCH', 'ENODEV')) throw error;
  }
}

export async function applyRoute({ do: verb, spec, old }: RoutePayload, host: Host): Promise<void> {
  switch (verb) {
    case 'add':
      return host.rtnl.addRoute(spec);
    case 'delete':
      return remove(spec, host);
    case 'replace':
      // Of the same key, and ours: no other packet but one to this very network can miss it in between.
      if (old !== undefined) await remove(old, host);
      return host.rtnl.addRoute(spec);
  }
}
