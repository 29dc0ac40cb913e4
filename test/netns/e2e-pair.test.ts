// The seed's two sides from nothing, and a third router behind the second; then a second apply that has nothing to do.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLinesDuring } from './lab/command-lines.ts';
import { eventually } from './lab/eventually.ts';
import { expectFull, expectMeshRoute, expectPing } from './lab/expect-mesh.ts';
import { makeSeedMesh, type SeedMesh, type Site } from './lab/seed-mesh.ts';
import type { Router } from './lab/router.ts';
import type { Running } from './lab/running.ts';

let mesh: SeedMesh;
let sides: Site[];
/** what crosses the underlay in clear */
let wire: Running;
let traffic: Running[];
const commandLines = new Set<string>();

beforeAll(async () => {
  mesh = await makeSeedMesh();
  const { side1, side2, third } = mesh;
  sides = [side1, side2, third];
  await side1.router.writeState(side1.state('wg222'));
  await side2.router.writeState(side2.state('wg111', 'wg333'));
  await third.router.writeState(third.state('wg222'));
  // both ways between mesh and internet, from before the first apply on
  wire = mesh.lab.underlay.start('tcpdump', ['-lnp', '-i', 'any', 'net', '10.0.0.0/8']);
  traffic = ['10.69.3.50', '10.69.77.1', '203.0.113.1'].map((to) => side1.host.start('ping', ['-i', '0.02', to]));
});

afterAll(() => mesh.lab.close());

test('an apply on each router brings both up from nothing', async () => {
  for (const { router } of sides) {
    const seen = await commandLinesDuring(async () => {
      const { stdout } = await router.wgospf(['apply', '--adopt']);
      expect(stdout).toMatch(/^in sync: \d+ operations done/m);
    });
    for (const line of seen) commandLines.add(line);
  }
});

test('both pings of the seed work', async () => {
  await expectPing(mesh.side1.router, '10.70.89.1');
  await expectPing(mesh.side2.router, '10.70.89.0');
});

test('OSPF is Full on both sides, and with the third router', async () => {
  await expectFull(mesh.side1.router, { wg222: '10.69.2.22' });
  await expectFull(mesh.side2.router, { wg111: '10.69.1.11', wg333: '10.69.3.33' });
  await expectFull(mesh.third.router, { wg222: '10.69.2.22' });
});

test("a route to the third router's local network is in table 2, and packets cross two tunnels", async () => {
  const route = await expectMeshRoute(mesh.side1.router, '10.69.3.0/24');
  expect(route).toContain('via 10.70.89.1 dev wg222 proto bird metric 64');
  await expectMeshRoute(mesh.third.router, '10.69.1.0/24');
  for (const network of ['10.69.1.0/24', '10.69.3.0/24']) await expectMeshRoute(mesh.side2.router, network);
  await expectPing(mesh.side1.host, '10.69.3.50');
  // where from and by which rule: the mesh's table, not main
  const path = await mesh.side1.router.sh('ip route get 10.69.3.50 from 10.69.1.50 iif eth1');
  expect(path).toMatch(/^10\.69\.3\.50 from 10\.69\.1\.50 via 10\.70\.89\.1 dev wg222 table (2|nycmesh)/);
});

test('no mesh packet crossed the underlay in clear text meanwhile', async () => {
  for (const ping of traffic) await ping.stop();
  // one that does, to know that the capture saw all up to here
  const { underlay } = mesh.lab;
  await underlay.sh(
    `ip route add 10.99.99.99 via ${mesh.side1.router.underlay}; ping -c 1 -t 1 -W 1 10.99.99.99 || true`,
  );
  await eventually(() => {
    expect(wire.output()).toContain('> 10.99.99.99: ICMP echo request');
  });
  const captured = (await wire.stop()).split('\n').filter((line) => line.includes(' IP '));
  expect(captured.filter((line) => !line.includes('10.99.99.99'))).toEqual([]);
});

test('a host on the underlay cannot reach the mesh', async () => {
  const { router } = mesh.side1;
  await mesh.lab.underlay.sh(`ip route replace 10.69.0.0/16 via ${router.underlay}`);
  const { stdout } = await mesh.lab.underlay.exec('ping', ['-c', '2', '-i', '0.2', '-W', '1', '10.69.1.50'], {
    mayFail: true,
  });
  expect(stdout).toContain('0 received');
  await mesh.lab.underlay.sh('ip route del 10.69.0.0/16');
});

/** Makes and deletes a rule until the monitor tells of it: what came before has been told, what comes now will be. */
const noticed = (router: Router, monitor: Running, priority: number): Promise<void> =>
  eventually(async () => {
    await router.sh(`ip rule add pref ${priority} nop; ip rule del pref ${priority}`);
    expect(monitor.output()).toContain(`${priority}:`);
  });

/** Milliseconds since the epoch. */
async function reconfiguredAt(router: Router): Promise<number> {
  const reconfigured = /^Last reconfiguration on (.*)$/m.exec(await router.birdc('show status'))?.[1];
  const at = Date.parse(reconfigured ?? '');
  expect(at).not.toBeNaN();
  return at;
}

test('a second apply sends no netlink write and no birdc configure', async () => {
  for (const { router } of sides) {
    const reconfigured = await reconfiguredAt(router);
    const files = await router.sh('stat -c "%n %i %Y" /etc/bird/* /etc/iproute2/rt_*.d/* /run/wgospf/*');
    const monitor = router.start('ip', ['monitor', 'link', 'address', 'route', 'rule']);
    await noticed(router, monitor, 31998);
    const { stdout } = await router.wgospf(['apply']);
    expect(stdout).toMatch(/^in sync: nothing to do/m);
    await noticed(router, monitor, 31999);
    const others = (await monitor.stop()).split('\n').filter((line) => line !== '' && !/3199[89]:/.test(line));
    expect(others).toEqual([]);
    // BIRD counts it back from now each time, and is a millisecond off now and then
    expect(Math.abs((await reconfiguredAt(router)) - reconfigured)).toBeLessThan(100);
    expect(await router.sh('stat -c "%n %i %Y" /etc/bird/* /etc/iproute2/rt_*.d/* /run/wgospf/*')).toBe(files);
  }
});

test('plan has the exit code for in sync', async () => {
  const { exitCode } = await mesh.side1.router.wgospf(['plan'], { mayFail: true });
  expect(exitCode).toBe(0);
});

test('only the key files contain a secret, and no output or command line does', async () => {
  for (const { router } of sides) {
    for (const args of [['status'], ['status', '--json'], ['plan', '--json'], ['show', '--resolved'], ['check']]) {
      await router.wgospf(args, { mayFail: true });
    }
  }
  expect([...commandLines].some((line) => line.includes('wgospf.mjs apply'))).toBe(true); // it looked
  const outputs = mesh.lab.log.map(({ output }) => output).join('\n');
  expect(mesh.secrets).toHaveLength(5);
  for (const secret of mesh.secrets) {
    expect(outputs.includes(secret)).toBe(false);
    expect([...commandLines].some((line) => line.includes(secret))).toBe(false);
    for (const { router } of sides) {
      const files = await router.exec('grep', ['-rlF', '--', secret, '/etc', '/run'], { mayFail: true });
      expect(files.stdout.replaceAll(/^\/etc\/wgospf\/keys\/.*\n/gm, '')).toBe('');
    }
  }
});
