// What else the host runs, or lacks, that concerns a router: a kind without objects, which only reports conditions.
import { madeOn } from '../../engine/made.ts';
import type { Condition, Resource } from '../../engine/types.ts';
import { LOST_NOTE } from '../../host/lasting-notes.ts';
import type { HostReader } from '../../host/reader.ts';
import { mainRoutes } from '../../model/main-routes.ts';
import type { RouterModel } from '../../model/types.ts';
import { formatPrefix, networkOf } from '../../net/ip.ts';
import { loginConditions } from './logins.ts';
import { networkManagerConditions } from './network-manager.ts';
import { networkdConditions } from './networkd.ts';
import { programConditions } from './programs.ts';
import { stirsRoutes, underlayRoutes } from './underlay-routes.ts';
import { uplinkConditions } from './uplink.ts';

async function look(host: HostReader, model: RouterModel): Promise<Condition[]> {
  // each is kept separately: a new route does not cause a new look at programs
  const looks: Record<string, (host: HostReader, model: RouterModel) => Promise<Condition[]>> = {
    ...{ programConditions, networkdConditions, networkManagerConditions },
    ...(model.mesh.main ? {} : { waysIn, loginConditions }),
  };
  const found = Object.entries(looks).map(([name, one]) => madeOn(host, name, model, (reader) => one(reader, model)));
  return (await Promise.all(found)).flat();
}

/** The routes and interfaces of this host that the mesh would take over. */
async function waysIn(host: HostReader, model: RouterModel): Promise<Condition[]> {
  const [routes, links, addresses] = await Promise.all([
    host.rtnl.routes(mainRoutes(model)),
    host.rtnl.links(),
    host.rtnl.addresses(),
  ]);
  const connected = new Set(addresses.map(({ dev, prefix }) => `${dev} ${formatPrefix(networkOf(prefix))}`));
  return [...underlayRoutes(model, routes, links, connected), ...(await uplinkConditions(host, model, routes))];
}

/** `down` cannot restore values whose notes are lost, and must not look as if it had. */
async function lostNotes(host: HostReader): Promise<Condition[]> {
  if (!(await host.notes.all()).has(LOST_NOTE)) return [];
  const message =
    'what sysctls and local interfaces were before wgospf was noted in /run/wgospf, which is gone: they stay as they are now; ' +
    'look at sysctl net.ipv4.ip_forward, or reboot, which resets them';
  return [{ code: 'notes-lost', severity: 'warning', subject: '/run/wgospf/notes.json', message }];
}

const none = (): never => {
  throw new Error('the surroundings have no objects');
};

export const surroundings: Resource<never, never, never> = {
  kind: 'surroundings',
  key: none,
  fields: none,
  desired: () => [],
  observe: async (host, model) => ({
    objects: [],
    conditions: model === undefined ? await lostNotes(host) : await look(host, model),
  }),
  stirs: stirsRoutes,
  plan: none,
  apply: none,
  adoptable: false,
};
