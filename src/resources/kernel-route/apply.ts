import { isHostError } from '../../host/error.ts';
import type { Host } from '../../host/types.ts';
import type { KernelRoutePayload } from './plan.ts';

/** EEXIST: the kernel made the route first. ESRCH and ENODEV: the route is already gone. */
export async function applyKernelRoute({ do: verb, route }: KernelRoutePayload, host: Host): Promise<void> {
  try {
    await (verb === 'add' ? host.rtnl.addRoute(route) : host.rtnl.deleteRoute(route));
  } catch (error) {
    const already = verb === 'add' ? isHostError(error, 'EEXIST') : isHostError(error, 'ESRCH', 'ENODEV');
    if (!already) throw error;
  }
}
