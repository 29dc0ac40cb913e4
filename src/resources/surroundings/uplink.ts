// Interfaces that the file gives to the mesh although they carry the host's own traffic: to the internet, to the far ends of its
// tunnels, and back to logged-in operators. With any isolation the mesh alone would have them.
import type { Condition } from '../../engine/types.ts';
import type { HostReader } from '../../host/reader.ts';
import type { AddressInfo, RouteInfo } from '../../host/types.ts';
import type { RouterModel, Tunnel } from '../../model/types.ts';
import { canonicalAddress, familyOf } from '../../net/ip.ts';
import { MAIN_TABLE } from '../../net/names.ts';
import { borrowedNames, cureFor, hopsOf, inMesh, uplinks } from '../uplinks.ts';

interface Found {
  readonly routes: readonly RouteInfo[];
  readonly addresses: readonly AddressInfo[];
}

const FATE: Readonly<Record<RouterModel['mesh']['isolation'], string>> = {
  table: 'what has its addresses would follow the table of the mesh',
  vrf: "isolation: vrf would move it into the mesh's VRF",
  netns: "isolation: netns would move it into the mesh's namespace",
};

const taken = (dev: string, what: string, { addresses }: Found, model: RouterModel): Condition => ({
  code: 'uplink-would-move',
  severity: 'error',
  subject: dev,
  message:
    `${dev} carries ${what}, and ${FATE[model.mesh.isolation]}; ` +
    cureFor(dev, [...addresses.filter((a) => a.dev === dev).map(({ prefix }) => prefix)], model),
  veto: true,
});

/** All addresses of a name; an address needs no lookup. */
async function addressesOf(host: HostReader, { peer: { endpoint } }: Tunnel): Promise<string[]> {
  if (endpoint === undefined) return [];
  const literal = canonicalAddress(endpoint.host);
  return literal === undefined ? host.resolveName(endpoint.host) : [literal];
}

/** The endpoints that main reaches by a mesh interface, by interface. */
async function endpointsBy(
  host: HostReader,
  model: RouterModel,
  names: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const asked = await Promise.all(
    model.tunnels.map(async (tunnel) => (await addressesOf(host, tunnel)).map((to) => ({ tunnel: tunnel.name, to }))),
  );
  const all = asked
    .flat()
    .filter(({ to }) => (model.env.ipv6 || familyOf(to) === 4) && inMesh(model, { address: to }) === undefined);
  if (all.length === 0) return new Map();
  const answers = await host.rtnl.lookUp(all.map(({ to }) => ({ to, from: undefined, iif: '' })));
  return new Map(
    all.flatMap(({ tunnel, to }, i) => {
      const answer = answers[i];
      if (answer?.verdict !== 'forward' || answer.table !== MAIN_TABLE || !names.has(answer.dev)) return [];
      return [[answer.dev, `the route to ${to}, the endpoint of ${tunnel}`] as const];
    }),
  );
}

/** In main nothing is kept apart. Names are resolved only if a mesh interface leads anywhere. */
export async function uplinkConditions(
  host: HostReader,
  model: RouterModel,
  routes: readonly RouteInfo[],
): Promise<Condition[]> {
  const names = borrowedNames(model);
  const leads = routes.some(
    (r) => r.table === MAIN_TABLE && hopsOf(r).some(({ dev, via }) => names.has(dev) && via !== undefined),
  );
  const main = [...uplinks(routes, model)].filter((dev) => names.has(dev));
  if (!leads && main.length === 0) return [];
  const found = { routes, addresses: await host.rtnl.addresses() };
  const others = await endpointsBy(host, model, names);
  for (const dev of main) others.delete(dev);
  return [
    ...main.map((dev) => taken(dev, 'the default route of this host', found, model)),
    ...[...others].map(([dev, what]) => taken(dev, what, found, model)),
  ];
}
