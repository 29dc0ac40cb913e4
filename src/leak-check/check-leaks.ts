// Asks the kernel where each probe would go. Reads only, sends nothing.
import { hostIn } from '../host/place.ts';
import type { HostReader } from '../host/reader.ts';
import type { RouteAnswer, RouteFilter, RouteQuery } from '../host/types.ts';
import { mainRoutes } from '../model/main-routes.ts';
import { placeOf } from '../model/sides.ts';
import type { RouterModel } from '../model/types.ts';
import { MAIN_TABLE } from '../net/names.ts';
import { endpointsOf } from './endpoints.ts';
import { judge } from './judge.ts';
import { meshNames } from './mesh-names.ts';
import { makeProbes } from './probes.ts';
import type { Ground, Path, Probe } from './types.ts';

/** The path of every probe; none if the mesh has no table of its own, because then nothing separates mesh and underlay. */
export async function checkLeaks(host: HostReader, model: RouterModel): Promise<Path[]> {
  if (model.mesh.main) return [];
  const place = placeOf(model);
  const inside = place === '' ? undefined : await hostIn(host, place);
  const ground = await groundOf(host, model, [{ table: model.mesh.table.id }, mainRoutes(model)]);
  if (inside === undefined) return ask(host, model, ground, makeProbes(model, ground));
  // inside, main is the mesh's table
  const inner = await groundOf(inside, model, [{ table: MAIN_TABLE }]);
  // the mesh's routes and the tunnels' endpoints are inside
  const outer = {
    ...ground,
    routes: [...ground.routes, ...inner.routes],
    endpoints: [...new Set([...ground.endpoints, ...inner.endpoints])],
  };
  const [without, within] = await Promise.all([
    ask(host, model, ground, makeProbes(model, outer)),
    ask(inside, model, inner, insideProbes(model, inner, place)),
  ]);
  return [...without, ...within];
}

async function groundOf(host: HostReader, model: RouterModel, wanted: readonly RouteFilter[]): Promise<Ground> {
  const { rtnl, wg } = host;
  const [links, addresses, rules, ...routes] = await Promise.all([
    rtnl.links(),
    rtnl.addresses(),
    rtnl.rules(),
    ...wanted.map((of) => rtnl.routes(of)),
  ]);
  const mesh = meshNames(model, links);
  const ours = links.filter(({ name, kind }) => mesh.has(name) && (kind === 'wireguard' || kind === 'tun'));
  const endpoints = await endpointsOf(host, model, await wg.devices(ours.map(({ name }) => name)));
  return { links, addresses, routes: routes.flat(), rules, mesh, endpoints };
}

/** Without the host's own packets: tunnel packets never start inside. The name of an underlay interface gets the namespace in front. */
function insideProbes(model: RouterModel, ground: Ground, place: string): Probe[] {
  return makeProbes(model, ground)
    .filter(({ origin }) => origin.side !== 'own')
    .map((probe) => {
      const { origin } = probe;
      if (origin.side === 'mesh') return probe;
      const of = origin.of === undefined ? {} : { of: `${place}: ${origin.of}` };
      return { ...probe, origin: { ...origin, name: `${place}: ${origin.name}`, ...of } };
    });
}

async function ask(host: HostReader, model: RouterModel, ground: Ground, probes: readonly Probe[]): Promise<Path[]> {
  const answers = await askOnce(
    host,
    probes.map(({ query }) => query),
  );
  const sides = { mesh: ground.mesh, transit: model.mesh.transit, prefixes: model.mesh.prefixes };
  return probes.flatMap((probe, i) => {
    const answer = answers[i];
    return answer === undefined ? [] : [judge(probe, answer, sides)];
  });
}

/** Asks equal questions only once. */
async function askOnce({ rtnl }: HostReader, queries: readonly RouteQuery[]): Promise<(RouteAnswer | undefined)[]> {
  const places = new Map<string, number>();
  const distinct: RouteQuery[] = [];
  const at = queries.map((query) => {
    const key = [query.to, query.from, query.iif, query.mark, query.oif].join(' ');
    const place = places.get(key) ?? distinct.push(query) - 1;
    places.set(key, place);
    return place;
  });
  const answers = await rtnl.lookUp(distinct);
  return at.map((place) => answers[place]);
}
