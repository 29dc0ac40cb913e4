// `isolation: netns` on the real kernel: one router of the seed's mesh lives in a namespace, the other in a table.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectFull, expectPing } from './lab/expect-mesh.ts';
import { eventually } from './lab/eventually.ts';
import { inNamespace, withIsolation } from './lab/netns-router.ts';
import { makeSeedMesh, type SeedMesh } from './lab/seed-mesh.ts';
import type { Router } from './lab/router.ts';

let mesh: SeedMesh;
/** side 1 inside its namespace */
let inner: Router;
let found: string;

beforeAll(async () => {
  mesh = await makeSeedMesh();
  const { side1, side2 } = mesh;
  await side1.router.sh('sysctl -qw net.ipv4.conf.eth1.rp_filter=1; ip address add 192.168.7.1/24 dev eth1');
  found = await side1.router.dump();
  inner = inNamespace(side1.router, 'nycmesh');
  await side1.router.writeState(withIsolation('netns', side1.state('wg222')));
  await side2.router.writeState(side2.state('wg111'));
});

afterAll(() => mesh.lab.close());

test('the mesh comes up in the namespace, and OSPF is Full', async () => {
  const { stdout } = await mesh.side1.router.wgospf(['apply']);
  expect(stdout).toMatch(/^in sync: \d+ operations done/m);
  await mesh.side2.router.wgospf(['apply', '--adopt']);
  await expectFull(inner, { wg222: '10.69.2.22' });
  await expectFull(mesh.side2.router, { wg111: '10.69.1.11' });
});

test('nothing of the mesh is outside but guards', async () => {
  const { router } = mesh.side1;
  const links = await router.sh('ip -o link');
  expect(links).not.toMatch(/wg222|eth1/);
  expect(await router.sh('ip route show table all')).not.toMatch(/10\.(69|70)\./);
  expect(await router.sh('ip rule')).not.toMatch(/lookup (2|nycmesh)/);
  expect(await router.sh('sysctl -n net.ipv4.ip_forward')).toBe('0\n');
});

test('machines behind the two routers reach each other', async () => {
  await eventually(() => expectPing(mesh.side1.host, '10.69.2.50'));
  await eventually(() => expectPing(mesh.side2.host, '10.69.1.50'));
  await expectPing(inner, '10.70.89.1');
});

test('a second apply has nothing to do, status is healthy, and no path crosses', async () => {
  const { router } = mesh.side1;
  expect((await router.wgospf(['apply'])).stdout).toMatch(/^in sync: nothing to do/m);
  const status = await router.wgospf(['status'], { mayFail: true });
  expect(status.exitCode, status.stdout).toBe(0);
  const leaks = await router.wgospf(['leak-check'], { mayFail: true });
  expect(leaks.exitCode, leaks.stdout).toBe(0);
});

test('down gives back everything', async () => {
  const { router } = mesh.side1;
  await router.wgospf(['down']);
  expect(await router.dump()).toBe(found);
});
