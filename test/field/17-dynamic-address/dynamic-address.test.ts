// opnsense/plugins#3299, #3615: a local interface with an address by DHCP or PPP, and a tunnel that exists but is off (the standby of a
// VRRP pair). The state file cannot describe either yet; the suggested replacement works, and a tunnel keeps its key meanwhile.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeLab, type Lab } from '../../netns/lab/make-lab.ts';
import type { Router } from '../../netns/lab/router.ts';

const state = await readFile(`${import.meta.dirname}/state.yaml`, 'utf8');
const cured = state
  .replace(/ppp0: .*/, 'ppp0: {address: 10.69.12.134/16, ospf: {stub: true}}')
  .replace(/ +enabled: .*\n/, '');

let lab: Lab;
let router: Router;

const apply = async (text: string): Promise<void> => {
  await router.writeState(text);
  expect((await router.wgospf(['apply', '--adopt'])).stdout).toContain('in sync');
};
const publicKey = (): Promise<string> => router.sh('wg show wg222 public-key');

beforeAll(async () => {
  lab = await makeLab();
  router = await lab.router('router');
  await router.startBird();
  await router.sh('ip link add ppp0 type bridge; ip link set ppp0 up');
});
afterAll(() => lab.close());

test('a missing address and a disabled tunnel are refused with a cure', async () => {
  await router.writeState(state);
  const { exitCode, stderr } = await router.wgospf(['check'], { mayFail: true });
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain('or the one that ppp0 has: one that changes, by DHCP or PPP, is not followed');
  expect(stderr).toContain('a tunnel that is to be down is left out of the file');
});

test('a tunnel that leaves the file and returns has its earlier key', async () => {
  await apply(cured);
  const before = await publicKey();
  await apply(cured.replace(/tunnels:[^]*$/, 'tunnels: {}\n'));
  expect((await router.exec('ip', ['link', 'show', 'wg222'], { mayFail: true })).exitCode).not.toBe(0);
  await apply(cured);
  expect(await publicKey()).toBe(before);
});
