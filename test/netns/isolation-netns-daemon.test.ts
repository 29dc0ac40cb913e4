// The daemon keeps the inside of the mesh's namespace as the state file says, and receives its events at once.
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDaemon, type Daemon } from './lab/daemon.ts';
import { eventually } from './lab/eventually.ts';
import { makeLoneRouter, type LoneRouter } from './lab/lone-router.ts';
import { withIsolation } from './lab/netns-router.ts';

/** of its own, for dpkg to replace */
const PROGRAM = '/run/program/wgospf.mjs';

let lone: LoneRouter;
let daemon: Daemon;

beforeAll(async () => {
  lone = await makeLoneRouter();
  const { router } = lone;
  await router.writeState(withIsolation('netns', await router.readFile('/etc/wgospf/state.yaml')));
  await router.wgospf(['apply', '--adopt']);
  daemon = await startDaemon(router);
  // events of the inside are heard some time after READY; what is undone before that is found by a pass, which tells otherwise
  await eventually(
    async () => {
      await router.sh('ip netns exec nycmesh sysctl -qw net.ipv4.ip_forward=0');
      expect(daemon.lines().some(({ event }) => event === 'repaired')).toBe(true);
    },
    { every: 1000 },
  );
  await eventually(expectWhole);
});

afterAll(async () => {
  await daemon.stop();
  await lone.lab.close();
});

const expectWhole = async (): Promise<void> => {
  const { stdout } = await lone.router.wgospf(['plan', '--json'], { mayFail: true });
  const { operations } = JSON.parse(stdout) as { operations: { command: string }[] };
  expect(operations.map(({ command }) => command)).toEqual([]);
};

const inside = 'ip netns exec nycmesh';

test.each([
  ['an address', `${inside} ip address del 10.70.89.0/31 dev wg222`, 'address:wg222 10.70.89.0/31 in nycmesh'],
  ['a link that is down', `${inside} ip link set wg222 down`, 'link:wg222'],
  ['an MTU', `${inside} ip link set wg222 mtu 1300`, 'link:wg222'],
  ['a tunnel', `${inside} ip link del wg222`, 'link:wg222'],
  ['a flushed main table', `${inside} ip route flush table main`, 'route:254 10.70.89.0/31 metric 0 in nycmesh'],
  ['a flushed IPv6 main table', `${inside} ip -6 route flush table main`, 'kernel-route:eth1 in nycmesh'],
  ['forwarding', `${inside} sysctl -qw net.ipv4.ip_forward=0`, 'sysctl:net.ipv4.ip_forward in nycmesh'],
  [
    'a guard outside',
    'ip rule del priority 1099 iif wg222',
    'rule:inet priority 1099 iif wg222 unreachable protocol 87',
  ],
])('%s: the change is repaired', async (_what, command, object) => {
  const from = daemon.lines().length;
  await lone.router.sh(command);
  await daemon.logged((line) => line.event === 'repaired' && line.object === object, from);
  await expectWhole();
});

test('a stopped BIRD inside is started again', async () => {
  await lone.router.sh('pkill -KILL -f "bird -u bird -g bird -c /etc/bird/wgospf-netns.conf"');
  await eventually(() => lone.router.sh('birdc -r -s /run/wgospf-bird/bird.ctl show status'));
  await eventually(expectWhole);
});

test('a namespace that was deleted by hand is made again with everything in it', async () => {
  const before = await lone.router.sh(`readlink /proc/$(pgrep -f wgospf-netns.conf | head -1)/ns/net`);
  await lone.router.sh('ip netns delete nycmesh');
  await eventually(() => lone.router.sh(`${inside} ip address show dev wg222 | grep 10.70.89.0/31`));
  await eventually(expectWhole);
  // BIRD is in the new one
  expect(await lone.router.sh(`readlink /proc/$(pgrep -f wgospf-netns.conf | head -1)/ns/net`)).not.toBe(before);
});

test('a daemon whose program was replaced starts no part inside and prints the cure, and the next daemon does', async () => {
  const parts = (): Promise<string> => lone.router.sh('pgrep -f "inside nycmes[h] --socket" || true');
  await daemon.stop();
  await lone.router.sh(`cp -r ${dirname((await lone.router.built()).program)} /run/program`);
  daemon = await startDaemon(lone.router, PROGRAM);
  const from = daemon.lines().length;
  // as dpkg unpacks a file
  await lone.router.sh(`cp ${PROGRAM} ${PROGRAM}.dpkg-new; mv ${PROGRAM}.dpkg-new ${PROGRAM}`);
  await lone.router.sh('pkill -KILL -f "inside nycmes[h] --socket"; ip -n nycmesh link set wg222 down');
  await daemon.logged((line) => JSON.stringify(line).includes('systemctl restart wgospf'), from);
  expect(await parts()).toBe('');
  await daemon.stop();
  daemon = await startDaemon(lone.router, PROGRAM);
  expect(await parts()).not.toBe('');
  await eventually(expectWhole);
});
