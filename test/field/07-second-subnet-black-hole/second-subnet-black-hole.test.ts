// cloudrouter/cloudrouter#31 (keepalived beside bird-ospf) and opnsense/plugins#3615: a second IPv4 subnet on a mesh interface,
// an alias or VRRP's, was announced to the mesh and not forwarded, while every command reported no problem.
//   far -wg- router -br-lan- host: 10.69.1.50 and 10.69.7.50
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectMeshRoute } from '../../netns/lab/expect-mesh.ts';
import { eventually } from '../../netns/lab/eventually.ts';
import { makeLab, type Lab } from '../../netns/lab/make-lab.ts';
import type { Namespace } from '../../netns/lab/namespace.ts';
import type { Router } from '../../netns/lab/router.ts';

let lab: Lab;
let router: Router;
let far: Router;
let host: Namespace;
let state: string;

const farState = (key: string): string => `version: 1
router: {id: 10.69.2.22}
mesh: {table: {name: mesh, id: 2}, prefixes: [10.69.0.0/16, 10.70.0.0/16]}
interfaces: {}
tunnels:
  wg111:
    address: 10.70.89.1/31
    listenPort: 51825
    peer: {publicKey: ${key}, endpoint: "198.51.100.1:51825"}
    ospf: {hello: 2, dead: 8}
`;

const apply = async (text: string): Promise<string> => {
  await router.writeState(text);
  return (await router.wgospf(['apply', '--adopt'])).stdout;
};
const status = async (): Promise<string> => (await router.wgospf(['status'], { mayFail: true })).stdout;
const ping = (to: string): Promise<unknown> => far.exec('ping', ['-n', '-c', '1', '-W', '2', to]);

beforeAll(async () => {
  lab = await makeLab();
  [router, far] = [await lab.router('router'), await lab.router('far')];
  host = await lab.host('host', router, { dev: 'lan0', address: '10.69.1.50/24', gateway: '10.69.1.11' });
  await host.sh('ip addr add 10.69.7.50/24 dev eth0');
  await router.sh('ip link add br-lan type bridge; ip link set lan0 master br-lan; ip link set br-lan up');
  const [own, others] = [await router.makeKey('keys/wg222.key'), await far.makeKey('keys/wg111.key')];
  state = (await readFile(`${import.meta.dirname}/state.yaml`, 'utf8')).replace('FAR', others);
  await Promise.all([router.startBird(), far.startBird()]);
  await far.writeState(farState(own));
  await Promise.all([far.wgospf(['apply', '--adopt']), apply(state)]);
  await expectMeshRoute(far, '10.69.1.0/24');
});
afterAll(() => lab.close());

test('a second subnet on a mesh interface is reported with the cure, and is forwarded after the cure', async () => {
  expect(await status()).not.toContain('network-not-routed');
  await router.sh('ip addr add 10.69.7.1/24 dev br-lan');
  await expectMeshRoute(far, '10.69.7.0/24');

  const output = await apply(state);
  expect(output).toContain('network-not-routed');
  const cure = 'routes: [10.69.1.0/24, 10.69.7.0/24]';
  expect(output).toContain(`${cure} under interfaces.br-lan`);
  expect(await status()).toContain('network-not-routed');

  expect(await apply(state.replace('10.69.1.11/24,', `10.69.1.11/24, ${cure},`))).not.toContain('network-not-routed');
  await eventually(() => ping('10.69.7.50'));
});

test("a floating address inside the interface's subnet, or a single one, needs nothing", async () => {
  await router.sh(
    'ip addr del 10.69.7.1/24 dev br-lan; ip addr add 10.69.1.12/24 dev br-lan; ip addr add 10.69.8.1/32 dev br-lan',
  );
  expect(await apply(state)).not.toContain('network-not-routed');
  await eventually(() => ping('10.69.1.12'));
  await expectMeshRoute(far, '10.69.8.1');
  await ping('10.69.8.1');
});
