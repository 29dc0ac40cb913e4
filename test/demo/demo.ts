// The demo's story, step by step. Throws at the first failure.
import { eventually } from '../netns/lab/eventually.ts';
import type { Lab } from '../netns/lab/make-lab.ts';
import type { Router } from '../netns/lab/router.ts';
import { type DemoRouter, fill, makeDemoRouter, type PublicKeys } from './routers.ts';
import { file, heading, prompt, say, show } from './terminal.ts';

const stateFile = '/etc/wgospf/state.yaml';

/** Runs `wgospf genkey` on the router, and shows and keeps its public key for the far end. */
async function makeKey(router: Router, tunnel: string, keys: PublicKeys): Promise<void> {
  const command = ['genkey', `/etc/wgospf/keys/${tunnel}.key`];
  prompt(router, `wgospf ${command.join(' ')}`);
  const key = (await router.wgospf(command)).stdout.trim();
  say(key);
  keys.set(`${router.name} ${tunnel}`, key);
}

async function write(router: Router, text: string): Promise<void> {
  await router.writeState(text);
  file(router, stateFile, text);
}

/** OSPF Full with `count` neighbours, and a route to each of the networks. */
async function converged(router: Router, count: number, networks: readonly string[]): Promise<void> {
  await eventually(async () => {
    const full = (await router.ospfNeighbors()).filter(({ state }) => state.startsWith('Full'));
    if (full.length !== count) throw new Error(`${router.name}: ${full.length} of ${count} OSPF adjacencies are Full`);
    const routes = await router.sh('ip route show table nycmesh');
    const missing = networks.filter((network) => !routes.includes(network));
    if (missing.length > 0) throw new Error(`${router.name}: no route to ${missing.join(', ')}`);
  });
  say(`${router.name}: handshakes done, OSPF Full with ${count} ${count === 1 ? 'neighbour' : 'neighbours'}`);
}

async function firstTwo(one: Router, two: Router, keys: PublicKeys): Promise<void> {
  heading('Keys: each side makes its own, the public ones are exchanged');
  await makeKey(one, 'wg222', keys);
  await makeKey(two, 'wg111', keys);

  heading('One file for each router');
  await write(one, await fill('node111.yaml', keys));
  await write(two, await fill('node222.yaml', keys));

  heading('What would be done on node111');
  await show(one, 'wgospf plan --adopt', 2);

  heading('One apply for each router (--adopt: take over the bird.conf of the package, a copy is kept)');
  await show(one, 'wgospf apply --adopt');
  await show(two, 'wgospf apply --adopt');

  heading('Waiting for WireGuard and OSPF');
  await converged(one, 1, ['10.69.2.0/24']);
  await converged(two, 1, ['10.69.1.0/24']);
  await show(one, 'ping -c 2 10.70.89.1');
  await show(two, 'ping -c 2 10.70.89.0');
  await show(one, 'wgospf status');
}

async function addThird(two: Router, three: Router, keys: PublicKeys): Promise<void> {
  heading('A third router: node222 gets one more tunnel');
  await makeKey(three, 'wg222', keys);
  await makeKey(two, 'wg333', keys);
  const more = await fill('node222-more.yaml', keys);
  await two.writeState(`${await two.readFile(stateFile)}\n${more}`);
  file(two, `${stateFile} # as before, and`, more);
  await write(three, await fill('node333.yaml', keys));
  await show(two, 'wgospf apply'); // only the new tunnel
  await show(three, 'wgospf apply --adopt');
}

/** Returns the routers, for further use. */
export async function demo(lab: Lab): Promise<DemoRouter[]> {
  heading('Two routers over an internet of network namespaces');
  const keys: PublicKeys = new Map();
  // in this order: the second one made is vpn222.example.net, 198.51.100.2
  const one = await makeDemoRouter(lab, 111);
  const two = await makeDemoRouter(lab, 222);
  say('node111 (198.51.100.1) and node222 (198.51.100.2), each with a local network on eth1, BIRD as packaged');
  await firstTwo(one.router, two.router, keys);

  const three = await makeDemoRouter(lab, 333);
  await addThird(two.router, three.router, keys);
  heading('Waiting for WireGuard and OSPF');
  await converged(two.router, 2, ['10.69.1.0/24', '10.69.3.0/24']);
  await converged(one.router, 1, ['10.69.3.0/24']);
  await converged(three.router, 1, ['10.69.1.0/24']);

  heading('From a machine behind node111 to one behind node333, across two tunnels');
  await show(one.host, 'ping -c 3 10.69.3.50');
  heading('What node222 looks like now');
  await show(two.router, 'ip route show table nycmesh');
  await show(two.router, 'ip rule');
  heading('Each router');
  for (const { router } of [one, two, three]) await show(router, 'wgospf status');
  await show(two.router, 'wgospf plan');
  return [one, two, three];
}
