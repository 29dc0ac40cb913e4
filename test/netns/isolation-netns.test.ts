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
  // /run/netns is ip-netns(8)'s own, and stays
  await side1.router.sh('ip netns add other; ip netns delete other');
  await side1.router.sh('sysctl -qw net.ipv4.conf.eth1.rp_filter=1; ip address add 192.168.7.1/24 dev eth1');
  await side1.router.writeState(side1.state('wg222'));
  await side2.router.writeState(side2.state('wg111'));
  found = await side1.router.dump();
  inner = inNamespace(side1.router, 'nycmesh');
});

/** One apply brings side 1 into the mode, and packets cross again. */
async function become(mode: 'table' | 'netns', ...options: readonly string[]): Promise<string> {
  const { side1 } = mesh;
  await side1.router.writeState(withIsolation(mode, side1.state('wg222')));
  const { stdout } = await side1.router.wgospf(['apply', ...options]);
  expect(stdout).toMatch(/^in sync: \d+ operations done/m);
  return stdout;
}

afterAll(() => mesh.lab.close());

test('the mesh comes up in the namespace, and OSPF is Full', async () => {
  await become('netns', '--adopt');
  await mesh.side2.router.wgospf(['apply', '--adopt']);
  await expectFull(inner, { wg222: '10.69.2.22' });
  await expectFull(mesh.side2.router, { wg111: '10.69.1.11' });
});

test('outside there are only guards of the mesh', async () => {
  const { router } = mesh.side1;
  const links = await router.sh('ip -o link');
  expect(links).not.toMatch(/wg222|eth1/);
  expect(await router.sh('ip route show table all')).not.toMatch(/10\.(69|70)\./);
  expect(await router.sh('ip rule')).not.toMatch(/lookup (2|nycmesh)/);
  expect(await router.sh('sysctl -n net.ipv4.ip_forward')).toBe('0\n');
});

test('hosts behind the two routers reach each other', async () => {
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

test('from the namespace to a table and back, links are moved and not made again, and packets cross', async () => {
  const { side1, side2 } = mesh;
  const pidOf = (): Promise<string> => side1.router.sh('pgrep -f "^wireguard-go wg222"');
  const pid = await pidOf();
  const out = await become('table', '--adopt');
  expect(out).toMatch(/ip netns exec nycmesh ip link set dev wg222 netns 1/);
  expect(out).not.toMatch(/wireguard-go wg222|wg set/);
  expect(await side1.router.sh('ip netns list')).toBe('');
  // its bird.conf was taken over just now: there and back again nobody is asked a second time
  const conf = await side1.router.readFile('/var/lib/wgospf/bird/etc/bird/bird.conf.before-wgospf');
  await become('netns');
  expect(await side1.router.readFile('/etc/bird/bird.conf')).toBe(conf);
  await become('table');
  await expectFull(side1.router, { wg222: '10.69.2.22' });
  await eventually(() => expectPing(side1.host, '10.69.2.50'));
  const back = await become('netns');
  expect(back).not.toMatch(/wireguard-go wg222|wg set/);
  expect(await side1.router.sh('ip rule')).not.toMatch(/lookup (2|nycmesh)/);
  await expectFull(inner, { wg222: '10.69.2.22' });
  await expectFull(side2.router, { wg111: '10.69.1.11' });
  await eventually(() => expectPing(side1.host, '10.69.2.50'));
  expect(await pidOf()).toBe(pid);
});

test('down restores everything', async () => {
  const { side1 } = mesh;
  await side1.router.wgospf(['down']);
  await side1.router.writeState(side1.state('wg222'));
  expect(await side1.router.dump()).toBe(found);
});
