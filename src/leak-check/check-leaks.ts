// Asks the kernel where each probe would go. Reads only, sends nothing.
import type { Host } from '../host/types.ts';
import type { RouterModel } from '../model/types.ts';
import { judge } from './judge.ts';
import { meshNames } from './mesh-names.ts';
import { makeProbes } from './probes.ts';
import type { Path } from './types.ts';

/** Every path that was asked for; none where the mesh has no table of its own, for nothing is kept apart there. */
export async function checkLeaks(host: Host, model: RouterModel): Promise<Path[]> {
  if (model.mesh.main) return [];
  const [links, addresses, routes, devices] = await Promise.all([
    host.rtnl.links(),
    host.rtnl.addresses(),
    host.rtnl.routes(),
    host.wg.devices(),
  ]);
  const probes = makeProbes(model, { links, addresses, routes, devices });
  const answers = await host.rtnl.lookUp(probes.map(({ query }) => query));
  const sides = { mesh: meshNames(model), transit: model.mesh.transit };
  return probes.flatMap((probe, i) => {
    const answer = answers[i];
    return answer === undefined ? [] : [judge(probe, answer, sides)];
  });
}
