// nycmeshnet/vpn-infra (interfaces.j2, vpnbox.tf): eth0 is link of the mesh and default gateway at once; podman#13702 and moby#24496
// for clashes in 10/8. No step, and no cure that wgospf suggests, cuts the router off.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeLab, type Lab } from '../../netns/lab/make-lab.ts';
import type { Router } from '../../netns/lab/router.ts';

const SERVER = "require('net').createServer(() => undefined).listen(22)";
const CLIENT = `
const to = { host: '10.70.99.203', port: 22, localAddress: '203.0.113.1' };
const connect = () => require('net').connect(to).on('error', () => setTimeout(connect, 100));
connect()`;

let lab: Lab;
let router: Router;
let state: string;

beforeAll(async () => {
  state = await readFile(join(import.meta.dirname, 'state.yaml'), 'utf8');
  lab = await makeLab();
  router = await lab.router('router');
  await lab.underlay.sh('ip addr add 10.70.99.1/24 dev br0');
  await router.sh(`
    ip addr flush dev eth0; ip addr add 10.70.99.203/24 dev eth0; ip route add default via 10.70.99.1
    ip -6 route flush default`);
  await router.startBird();
});

afterAll(() => lab.close());

const without = (): string => state.replace(/^interfaces:\n.*\n/m, '');

/** A host beyond the gateway reaches the router. */
const expectReached = (): Promise<unknown> =>
  lab.underlay.exec('ping', ['-c', '1', '-W', '2', '-I', '203.0.113.1', '10.70.99.203']);

const tryOut = async (text: string): Promise<{ plan: string; apply: string; exitCode: number }> => {
  await router.writeState(text);
  const plan = await router.wgospf(['plan'], { mayFail: true });
  const { stdout, exitCode } = await router.wgospf(['apply', '--adopt'], { mayFail: true });
  return { plan: plan.stdout, apply: stdout, exitCode };
};

test('without eth0 under interfaces: nothing is applied, and the cure does not lead to adding it', async () => {
  const { plan, exitCode } = await tryOut(without());
  expect(plan).toMatch(/error underlay-inside-mesh eth0: .*mesh\.table: main/);
  expect(plan).not.toContain('name eth0 under interfaces:');
  expect(plan).toMatch(/^not in sync: .*held back by underlay-inside-mesh/m);
  expect(exitCode).toBe(1);
  await expectReached();
});

test.each(['table', 'netns'])(
  'eth0 under interfaces: with isolation: %s gives a veto before the first operation',
  async (mode) => {
    const { plan, apply, exitCode } = await tryOut(state.replace('mesh: {', `mesh: {isolation: ${mode}, `));
    for (const text of [plan, apply])
      expect(text).toMatch(/error uplink-would-move eth0: .*default route.*mesh\.table: main/);
    expect(exitCode).toBe(1);
    expect(await router.sh('ip rule show; ip link show')).not.toMatch(/unreachable|wg1/);
    await expectReached();
    await router.exec('ping', ['-c', '1', '-W', '2', '203.0.113.1']);
  },
);

test('a login from beyond the gateway is named', async () => {
  await router.writeState(state);
  const listener = router.start(process.execPath, ['-e', SERVER]);
  const client = lab.underlay.start(process.execPath, ['-e', CLIENT]);
  try {
    await expect.poll(() => router.sh('ss -Htn state established sport = :22')).toContain('203.0.113.1');
    const { stdout } = await router.wgospf(['plan'], { mayFail: true });
    expect(stdout).toMatch(/error login-would-break 203\.0\.113\.1:\d+: .*10\.70\.99\.203 port 22/);
  } finally {
    await Promise.all([client.stop('SIGKILL'), listener.stop('SIGKILL')]);
  }
});

test.each([
  ['mesh.table: main', (): string => state.replace('table: {name: mesh, id: 2}', 'table: main')],
  ['narrower prefixes, without eth0', (): string => without().replace('10.0.0.0/8', '10.70.246.0/24')],
])('the cure %s is accepted, and the router stays reachable', async (_name, text) => {
  const { plan, apply } = await tryOut(text());
  expect(plan).not.toMatch(/^\s*error (underlay|uplink|login)/m);
  expect(apply).not.toContain('held back');
  expect(apply).toContain('operations done');
  await expectReached();
  await router.wgospf(['down']);
  await expectReached();
});
