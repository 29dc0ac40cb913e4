// Changes `mesh.isolation` in the state file.
import { stateFile, type Router } from './router.ts';

const peerKey = (router: Router): Promise<string> => router.sh('cat /usr/local/lib/wgospf-test/keys/peer.pub');

/** As a person edits it. */
export async function sayIsolation(router: Router, isolation: 'table' | 'vrf' | 'netns'): Promise<void> {
  const text = stateFile(await peerKey(router)).replace('mesh:\n', `mesh:\n  isolation: ${isolation}\n`);
  await router.machine.write('/etc/wgospf/state.yaml', text);
}
