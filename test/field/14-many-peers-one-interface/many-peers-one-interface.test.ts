// openwrt/openwrt#16210, rissson/dotshabka: road warriors, many peers on one WireGuard interface. This is not a tunnel; if others make
// it and `interfaces` names it, it works, as the message and the guide say.
//   laptop -wg0- router -br-lan- host 10.69.1.50
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectPing } from '../../netns/lab/expect-mesh.ts';
import { eventually } from '../../netns/lab/eventually.ts';
import { makeLab, type Lab } from '../../netns/lab/make-lab.ts';
import type { Router } from '../../netns/lab/router.ts';

const state = await readFile(`${import.meta.dirname}/state.yaml`, 'utf8');
const cured = state.replace(
  /tunnels:[^]*$/,
  `interfaces:
  wg0: {address: 10.70.200.1/24, mtu: 1420, ospf: {stub: true}}
  lan0: {address: 10.69.1.11/24, ospf: {stub: true}}
`,
);

let lab: Lab;
let router: Router;
let laptop: Router;

beforeAll(async () => {
  lab = await makeLab();
  [router, laptop] = [await lab.router('router'), await lab.router('laptop')];
  await lab.host('host', router, { dev: 'lan0', address: '10.69.1.50/24', gateway: '10.69.1.11' });
  const [own, others] = [await router.makeKey('wg0.key'), await laptop.makeKey('wg0.key')];
  const up = (address: string, rest: string): string => `
    wireguard-go wg0; ip address add ${address} dev wg0; ip link set wg0 up mtu 1420
    wg set wg0 private-key /etc/wgospf/wg0.key ${rest}`;
  await router.sh(up('10.70.200.1/24', `listen-port 51820 peer ${others} allowed-ips 10.70.200.2/32`));
  await laptop.sh(`${up('10.70.200.2/24', `peer ${own} endpoint ${router.underlay}:51820 allowed-ips 10.0.0.0/8`)}
    ip route add 10.69.0.0/16 dev wg0`);
  await router.startBird();
});
afterAll(() => lab.close());

test('several peers under a tunnel are refused, and the working way is named', async () => {
  await router.writeState(state);
  const { exitCode, stderr } = await router.wgospf(['check'], { mayFail: true });
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain('`tunnels.wg0` has no key `peers`: a tunnel has one peer');
  expect(stderr).toContain(
    'an interface that wg-quick makes (Table = off), by its name and address under `interfaces`',
  );
});

test('an interface with several peers is guarded and announced, its peers stay, and a road warrior reaches only the mesh', async () => {
  const peers = await router.sh('wg show wg0 peers');
  await router.writeState(cured);
  expect((await router.wgospf(['apply', '--adopt'])).stdout).toContain('in sync');
  expect(await router.sh('wg show wg0 peers')).toBe(peers);
  expect(await router.birdc('show ospf interface')).toContain('wg0');
  await eventually(() => expectPing(laptop, '10.69.1.50'), { within: 30 });
  await laptop.sh('ip route add 203.0.113.1 dev wg0; wg set wg0 peer "$(wg show wg0 peers)" allowed-ips 0.0.0.0/0');
  const { stdout } = await laptop.exec('ping', ['-n', '-c', '2', '-W', '1', '203.0.113.1'], { mayFail: true });
  expect(stdout).toContain(' 0 received');
  expect((await router.wgospf(['leak-check'])).stdout).toContain('none crosses');
});
