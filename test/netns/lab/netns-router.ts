// Routers whose mesh has its own network namespace, and their state files.
import type { Namespace } from './namespace.ts';
import { ospfNeighbors } from './ospf-neighbors.ts';
import type { Router } from './router.ts';

/** The control socket of the BIRD inside. */
const SOCKET = '/run/wgospf-bird/bird.ctl';

/** The state file with another `mesh.isolation`. */
export const withIsolation = (mode: 'table' | 'vrf' | 'netns', state: string): string =>
  state.replace(/^mesh:\n/m, `mesh:\n  isolation: ${mode}\n`);

/** The router inside the namespace: its commands run there, and its BIRD is the inner one. */
export function inNamespace(router: Router, name: string): Router {
  const exec: Namespace['exec'] = (command, args = [], options = {}) =>
    router.exec('ip', ['netns', 'exec', name, command, ...args], options);
  const birdc: Router['birdc'] = async (command) =>
    (await router.exec('birdc', ['-r', '-s', SOCKET, ...command.split(' ')])).stdout;
  return {
    ...router,
    name: `${router.name} inside`,
    exec,
    sh: async (script) => (await exec('bash', ['-euo', 'pipefail', '-c', script])).stdout,
    birdc,
    ospfNeighbors: async () => ospfNeighbors(await birdc('show ospf neighbors')),
  };
}
