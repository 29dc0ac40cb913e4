// Reads what a status rests on, straight from the kernel, WireGuard and BIRD.
import type { Plan } from '../engine/types.ts';
import { isHostError } from '../host/error.ts';
import type { Host } from '../host/types.ts';
import { OSPF_PROTOCOL } from '../resources/bird/render-ospf.ts';
import { parseNeighbors } from './parse-neighbors.ts';
import type { Facts, OspfFacts } from './types.ts';

async function neighbors(host: Host, socket: string): Promise<OspfFacts> {
  try {
    return parseNeighbors(await host.bird.command(socket, `show ospf neighbors ${OSPF_PROTOCOL}`), OSPF_PROTOCOL);
  } catch (error) {
    if (!isHostError(error)) throw error;
    return { up: false, reason: error.detail };
  }
}

/** `plan` is undefined where no model could be loaded. */
export async function collect(host: Host, socket: string, plan: Plan | undefined): Promise<Facts> {
  const [links, addresses, routes, devices, ospf] = await Promise.all([
    host.rtnl.links(),
    host.rtnl.addresses(),
    host.rtnl.routes(),
    host.wg.devices(),
    neighbors(host, socket),
  ]);
  return { now: Math.floor(host.now() / 1000), links, addresses, routes, devices, ospf, plan };
}
