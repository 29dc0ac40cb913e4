// Asks the kernel where each probe would go. Reads only, sends nothing.
import { hostIn } from '../host/place.ts';
import type { Host, RouteFilter } from '../host/types.ts';
import { placeOf } from '../model/sides.ts';
import type { RouterModel } from '../model/types.ts';
import { MAIN_TABLE } from '../net/names.ts';
import { judge } from './judge.ts';
import { meshNames } from './mesh-names.ts';
import { makeProbes } from './probes.ts';
import type { Ground, Path, Probe } from './types.ts';

/** Every path that was asked for; none where the mesh has no table of its own, for nothing is kept apart there. */
export async function checkLeaks(host: Host, model: RouterModel): Promise<Path[]> {
  if (model.mesh.main) return [];
  const place = placeOf(model);
  const inside = place === '' ? undefined : await hostIn(host, place);
  const ground = await groundOf(host, outsideRoutes(model));
  if (inside === undefined) return ask(host, model, makeProbes(model, ground));
  // inside, main is the mesh's table
  const inner = await groundOf(inside, [{ table: MAIN_TABLE }]);
  // what the mesh knows, and where its tunnels end, is known inside
  const outer = {
    ...ground,
    routes: [...ground.routes, ...inner.routes],
    devices: [...ground.devices, ...inner.devices],
  };
  const [without, within] = await Promise.all([
    ask(host, model, makeProbes(model, outer)),
    ask(inside, model, insideProbes(model, inner, place)),
  ]);
  return [...without, ...within];
}

/** RTPROT_KERNEL of linux/rtnetlink.h */
const CONNECTED = 2;

/** The mesh's table, and of main the connected networks: it may hold the whole internet beside them. */
const outsideRoutes = ({ mesh }: RouterModel): RouteFilter[] => [
  { table: mesh.table.id },
  { table: MAIN_TABLE, protocol: CONNECTED },
];

async function groundOf({ rtnl, wg }: Host, wanted: readonly RouteFilter[]): Promise<Ground> {
  const [links, addresses, routes, devices] = await Promise.all([
    rtnl.links(),
    rtnl.addresses(),
    Promise.all(wanted.map((of) => rtnl.routes(of))),
    wg.devices(),
  ]);
  return { links, addresses, routes: routes.flat(), devices };
}

/** The tunnels' own packets never pass there; an interface that is not the mesh's bears the name of the namespace as well. */
function insideProbes(model: RouterModel, ground: Ground, place: string): Probe[] {
  return makeProbes(model, ground)
    .filter(({ origin }) => origin.side !== 'own')
    .map((probe) => {
      const { origin } = probe;
      return origin.side === 'mesh' ? probe : { ...probe, origin: { ...origin, name: `${place}: ${origin.name}` } };
    });
}

async function ask(host: Host, model: RouterModel, probes: readonly Probe[]): Promise<Path[]> {
  const answers = await host.rtnl.lookUp(probes.map(({ query }) => query));
  const sides = { mesh: meshNames(model), transit: model.mesh.transit };
  return probes.flatMap((probe, i) => {
    const answer = answers[i];
    return answer === undefined ? [] : [judge(probe, answer, sides)];
  });
}
