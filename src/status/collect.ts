// Reads the facts of a status directly from the kernel, WireGuard and BIRD.
import type { Plan } from '../engine/types.ts';
import { isHostError } from '../host/error.ts';
import type { HostReader } from '../host/reader.ts';
import type { RouteInfo } from '../host/types.ts';
import { BIRD_PROTOCOL, isMarked, MAIN_TABLE, WGOSPF_PROTOCOL } from '../net/names.ts';
import { ospfFacts } from './ospf-facts.ts';
import type { Facts, OspfFacts } from './types.ts';

/** a hub with a thousand interfaces takes milliseconds; a hanging BIRD must not delay the rest for long */
const ANSWER_MS = 2_000;

async function neighbors(host: HostReader, socket: string): Promise<OspfFacts> {
  try {
    return ospfFacts(await host.bird.ask(socket, 'show ospf neighbors', ANSWER_MS));
  } catch (error) {
    if (!isHostError(error)) throw error;
    return { up: false, reason: error.detail };
  }
}

/** Foreign devices are not read: one of them may hang. */
async function linksAndDevices(
  { rtnl, wg }: HostReader,
  tunnels: readonly string[],
): Promise<Pick<Facts, 'links' | 'devices'>> {
  const links = await rtnl.links();
  const names = links.filter((link) => tunnels.includes(link.name) || isMarked(link));
  return { links, devices: await wg.devices(names.map(({ name }) => name)) };
}

/** Of main, which may contain the whole internet, only routes of BIRD and of wgospf. */
async function routesIn({ rtnl }: HostReader, table: number | undefined): Promise<RouteInfo[]> {
  if (table !== undefined && table !== MAIN_TABLE) return rtnl.routes({ table });
  const ours = await rtnl.routes({ protocol: WGOSPF_PROTOCOL });
  const tables = table === undefined ? [...new Set(ours.map((route) => route.table))] : [table];
  const others = await Promise.all(
    tables.map((of) => rtnl.routes({ table: of, ...(of === MAIN_TABLE ? { protocol: BIRD_PROTOCOL } : {}) })),
  );
  return [...ours, ...others.flat().filter(({ protocol }) => protocol !== WGOSPF_PROTOCOL)];
}

/** What the model says, where there is one. */
export interface Known {
  /** whose routes are counted; undefined: what our marks tell, and nothing else is known */
  readonly table: number | undefined;
  /** names of the model's */
  readonly tunnels: readonly string[];
}

/**
 * `plan` is undefined where no model could be loaded.
 * @param host where the mesh's links are
 */
export async function collect(
  host: HostReader,
  socket: string,
  plan: Plan | undefined,
  { table, tunnels }: Known,
): Promise<Facts> {
  const [{ links, devices }, addresses, routes, ospf] = await Promise.all([
    linksAndDevices(host, tunnels),
    host.rtnl.addresses(),
    routesIn(host, table),
    neighbors(host, socket),
  ]);
  const handshakeAge: Facts['handshakeAge'] = (dev, peer) => Math.floor(host.handshakeAge(dev, peer));
  const silence: Facts['silence'] = (dev, peer) => host.silence(dev, peer);
  return { handshakeAge, silence, links, addresses, routes, devices, ospf, plan };
}
