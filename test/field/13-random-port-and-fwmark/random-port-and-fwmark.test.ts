// linuxserver/docker-wireguard#416, openwrt/openwrt#12929: any free port, and a mark that sends a tunnel's packets to the second uplink.
// The state file cannot describe either yet; the suggested replacement is accepted and carries the packets.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeLab, type Lab } from '../../netns/lab/make-lab.ts';
import type { Router } from '../../netns/lab/router.ts';

const state = await readFile(`${import.meta.dirname}/state.yaml`, 'utf8');
const cured = state.replace(/listenPort: 0 .*/, 'listenPort: 51825').replace(/ +firewallMark: .*\n/, '');

let lab: Lab;
let router: Router;

beforeAll(async () => {
  lab = await makeLab();
  router = await lab.router('router');
  await router.sh(`ip link add eth9 type veth peer name far9; ip link set eth9 up; ip link set far9 up
    ip address add 192.0.2.1/24 dev eth9; ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev eth9`);
});
afterAll(() => lab.close());

test('port 0 and a mark are refused with a cure', async () => {
  await router.writeState(state);
  const { exitCode, stderr } = await router.wgospf(['check'], { mayFail: true });
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain('write: listenPort: 51825');
  expect(stderr).toContain('an `ip rule` of your own to the endpoint, of a priority above 1100');
});

test("an operator's rule for the endpoint sends the tunnel's packets to another uplink, and stays", async () => {
  await router.writeState(cured);
  await router.startBird();
  await router.wgospf(['apply', '--adopt']);
  await router.sh(`ip route add default via 192.0.2.9 table 99
    ip rule add to 198.51.100.2 priority 1200 lookup 99`);
  const { stdout: seen } = await router.exec(
    'tcpdump',
    ['-c', '1', '-n', '-i', 'far9', 'udp and dst host 198.51.100.2 and dst port 51825'],
    { timeout: 60 },
  );
  expect(seen).toContain('198.51.100.2.51825');
  const { stdout } = await router.wgospf(['apply']);
  expect(stdout).toContain('in sync');
  expect(await router.sh('ip rule')).toContain('1200:');
  expect((await router.wgospf(['leak-check'], { mayFail: true })).stdout).toContain('none crosses');
});
