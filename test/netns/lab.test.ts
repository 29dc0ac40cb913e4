// The lab itself, with the seed's two routers set up by hand: the basis of the end-to-end tests.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from './lab/eventually.ts';
import { makeLab, type Lab } from './lab/make-lab.ts';
import type { Router } from './lab/router.ts';

let lab: Lab;
let a: Router;
let b: Router;

beforeAll(async () => {
  lab = await makeLab();
  [a, b] = await Promise.all([lab.router('node111'), lab.router('node222')]);
});

afterAll(() => lab.close());

const birdConf = (id: string, tunnel: string): string => `
router id ${id};
protocol device {}
protocol ospf v2 mesh { area 0 { interface "${tunnel}" { type ptp; hello 1; dead 4; }; }; }
`;

async function setUp(
  self: Router,
  side: { dev: string; address: string; id: string },
  far: Router,
  farKey: string,
): Promise<void> {
  await self.sh(`
    ip link add ${side.dev} type wireguard 2>/dev/null || wireguard-go ${side.dev}
    wg set ${side.dev} listen-port 51825 private-key /etc/wgospf/key peer ${farKey} allowed-ips 0.0.0.0/0 \
      endpoint ${far.underlay}:51825
    ip addr add ${side.address} dev ${side.dev}
    ip link set up dev ${side.dev}`);
  await self.writeFile('/etc/bird/bird.conf', birdConf(side.id, side.dev));
  await self.startBird();
}

test('routers have their own files, and no forwarding yet', async () => {
  await a.writeFile('/etc/wgospf/only-a', '');
  expect(await a.sh('ls /etc/wgospf; cat /proc/sys/net/ipv4/ip_forward')).toBe('only-a\n0\n');
  expect(await b.sh('ls /etc/wgospf')).toBe('');
  await a.sh('rm /etc/wgospf/only-a');
});

test('a dump is the same twice and shows each small change', async () => {
  const before = await a.dump();
  expect(await a.dump()).toBe(before);
  const changes = [
    ['ip rule add iif wg7 pref 1031 table 2 protocol 87', 'ip rule del pref 1031'],
    ['ip -6 route add unreachable default metric 4294967295 table 2', 'ip -6 route del unreachable default table 2'],
    ['ip link set eth0 alias x', 'ip link set eth0 alias ""'],
    ['sysctl -qw net.ipv4.conf.eth0.rp_filter=2', 'sysctl -qw net.ipv4.conf.eth0.rp_filter=0'],
    ['chmod 600 /etc/bird/bird.conf', 'chmod 640 /etc/bird/bird.conf'],
    ['echo "#" >> /etc/bird/bird.conf', 'truncate -s -2 /etc/bird/bird.conf'],
    ['mkdir /run/wgospf', 'rmdir /run/wgospf'],
  ] as const;
  for (const [change, back] of changes) {
    await a.sh(change);
    expect(await a.dump(), change).not.toBe(before);
    await a.sh(back);
    expect(await a.dump(), back).toBe(before);
  }
});

test('the pair of the seed, configured by hand, reaches Full', async () => {
  const [keyA, keyB] = await Promise.all([a.makeKey('key'), b.makeKey('key')]);
  await Promise.all([
    setUp(a, { dev: 'wg222', address: '10.70.89.0/31', id: '10.69.1.11' }, b, keyB),
    setUp(b, { dev: 'wg111', address: '10.70.89.1/31', id: '10.69.2.22' }, a, keyA),
  ]);
  await a.exec('ping', ['-c', '2', '-i', '0.2', '10.70.89.1']);
  await eventually(async () => {
    expect(await a.ospfNeighbors()).toEqual([
      { routerId: '10.69.2.22', state: 'Full/PtP', dev: 'wg222', address: '10.70.89.1' },
    ]);
  });
});
