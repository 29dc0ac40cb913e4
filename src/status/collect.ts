// Reads what a status rests on, straight from the kernel, WireGuard and BIRD.
import type { Plan } from '../engine/types.ts';
import { isHostError } from '../host/error.ts';
import type { Host } from '../host/types.ts';
import { ospfFacts } from './ospf-facts.ts';
import type { Facts, OspfFacts } from './types.ts';

/** a hub with a thousand interfaces takes milliseconds; a BIRD that hangs shall not hold up the rest for long */
const ANSWER_MS = 2_000;

async function neighbors(host: Host, socket: string): Promise<OspfFacts> {
  try {
    return ospfFacts(await host.bird.ask(socket, 'show ospf neighbors', ANSWER_MS));
  } catch (error) {
    if (!isHostError(error)) throw error;
    return { up: false, reason: error.detail };
  }
}

/**
 * `plan` is undefined where no model could be loaded.
 * @param host where the mesh's links are
 */
export async function collect(host: Host, socket: string, plan: Plan | undefined): Promise<Facts> {
  const [links, addresses, routes, devices, ospf] = await Promise.all([
    host.rtnl.links(),
    host.rtnl.addresses(),
    host.rtnl.routes(),
    host.wg.devices(),
    neighbors(host, socket),
  ]);
  const handshakeAge: Facts['handshakeAge'] = (dev, peer) => Math.floor(host.handshakeAge(dev, peer));
  return { handshakeAge, links, addresses, routes, devices, ospf, plan };
}
