// podman-container-tools/podman#13702, moby/moby#24496, moby/moby#43673: a bridge of containers gets addresses of the mesh when the
// router has been running for long. What a network manager then deletes is still repaired, guards first.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDaemon, type Daemon } from '../../netns/lab/daemon.ts';
import { eventually } from '../../netns/lab/eventually.ts';
import { makeLab, type Lab } from '../../netns/lab/make-lab.ts';
import type { Namespace } from '../../netns/lab/namespace.ts';
import type { Router } from '../../netns/lab/router.ts';

const BRIDGE = 'ip link add br-docker type bridge; ip addr add 10.69.200.1/24 dev br-docker; ip link set br-docker up';
/** as systemd-networkd does when it restarts */
const DELETE_ALL = 'ip rule flush protocol 87; ip route flush table all proto 87';

let lab: Lab;
let router: Router;
let host: Namespace;
let daemon: Daemon | undefined;
let intact: string;

const rules = (): Promise<string> => router.sh('ip rule show; ip route show table 2 proto 87');
const expectWhole = async (): Promise<void> => expect(await rules()).toBe(intact);

beforeAll(async () => {
  lab = await makeLab();
  router = await lab.router('router');
  host = await lab.host('host', router, { dev: 'lan0', address: '10.69.1.50/24', gateway: '10.69.1.11' });
  await router.sh('ip link add br-lan type bridge; ip link set lan0 master br-lan; ip link set br-lan up');
  await router.writeState(await readFile(join(import.meta.dirname, 'state.yaml'), 'utf8'));
  await router.startBird();
  await router.wgospf(['apply', '--adopt']);
  intact = await rules();
  daemon = await startDaemon(router);
});

afterAll(async () => {
  await daemon?.stop();
  await lab.close();
});

test('the daemon puts back every rule and route while the bridge exists, and the host behind the router does not leak', async () => {
  const from = daemon?.lines().length ?? 0;
  await router.sh(BRIDGE);
  await daemon?.logged(
    ({ event, ...line }) => event === 'condition-raised' && JSON.stringify(line).includes('underlay-inside-mesh'),
    from,
  );
  await router.sh(DELETE_ALL);
  await eventually(expectWhole, { every: 20 });
  await lab.underlay.sh(
    'nft add table t; nft add chain t c "{ type filter hook prerouting priority 0; }"; nft add rule t c ip saddr 10.69.1.50 counter',
  );
  const ping = await host.exec('ping', ['-c', '3', '-i', '0.2', '-W', '1', '203.0.113.1'], { mayFail: true });
  expect(ping.exitCode).not.toBe(0);
  expect(await lab.underlay.sh('nft list table t')).toContain('packets 0 ');
});

test('a removed bridge ends the condition at once, by an event of the kernel', async () => {
  const from = daemon?.lines().length ?? 0;
  await router.sh('ip link del br-docker');
  await daemon?.logged(({ event }) => event === 'condition-cleared', from);
  const pass = await daemon?.logged(({ event }) => event === 'pass', from);
  expect(pass?.triggers).toContain('drift');
  await expectWhole();
});

test('a daemon that starts beside the bridge repairs, and so does a single apply', async () => {
  await daemon?.stop();
  daemon = undefined;
  await router.sh(`${BRIDGE}; ${DELETE_ALL}`);
  const plan = await router.wgospf(['plan'], { mayFail: true });
  expect(plan.stdout).not.toMatch(/^in sync/m);
  const applied = await router.wgospf(['apply'], { mayFail: true });
  expect(applied).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('underlay-inside-mesh') as string });
  await expectWhole();
  expect((await router.wgospf(['plan'], { mayFail: true })).stdout).toMatch(/^not in sync/m);
  await router.sh(DELETE_ALL);
  daemon = await startDaemon(router);
  await expectWhole();
});
