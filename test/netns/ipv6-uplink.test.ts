// An uplink whose IPv6 comes by router advertisements: its default route, the operator's way in, must outlive our forwarding.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dualStackState } from './lab/dual-stack-mesh.ts';
import { eventually } from './lab/eventually.ts';
import { makeLab, type Lab } from './lab/make-lab.ts';
import type { Router } from './lab/router.ts';
import { stateText } from './lab/state-text.ts';

let lab: Lab;
let router: Router;
/** that only has forwarding switched on */
let plain: Router;

const advertiser = `
router id 198.51.100.254;
protocol device { }
protocol radv {
  interface "br0" {
    max ra interval 4;
    min ra interval 3;
    prefix 2001:db8::/64 { autonomous off; };
  };
}
`;

/** on the mesh's side */
const siteAdvertiser = advertiser
  .replace('198.51.100.254', '10.69.3.50')
  .replace('"br0"', '"eth0"')
  .replace('prefix 2001:db8::/64 { autonomous off; };', 'prefix 2001:db8:77::/64 { };');

const defaults = async (where: Router): Promise<string> =>
  (await where.exec('ip', ['-6', 'route', 'show', 'default'])).stdout;

const advertised = (where: Router): Promise<void> =>
  eventually(async () => {
    expect(await defaults(where)).toContain('proto ra');
  });

beforeAll(async () => {
  lab = await makeLab();
  await lab.underlay.sh('sysctl -qw net.ipv6.conf.all.forwarding=1');
  await lab.underlay.writeFile('/etc/bird/bird.conf', advertiser, 0o644);
  await lab.underlay.exec('bird', ['-u', 'bird', '-g', 'bird']);
  router = await lab.router('node111');
  plain = await lab.router('plain');
  for (const one of [router, plain]) await one.sh('ip -6 route del default via 2001:db8::fe');
  for (const one of [router, plain]) await advertised(one);
  await router.sh('ip link add eth1 type veth peer name site; ip link set site up');
  await router.startBird();
});

afterAll(() => lab.close());

test('forwarding by itself removes the advertised default route, and accepts no other', async () => {
  await plain.sh('sysctl -qw net.ipv6.conf.all.forwarding=1');
  expect(await defaults(plain)).toBe('');
});

test('apply switches forwarding on and keeps the route, and later advertisements still count', async () => {
  const key = (await router.sh('wg genkey | wg pubkey')).trim();
  const wg222 = { address: '[10.70.89.0/31, "fd42:70:89::/127"]', port: 51825, key };
  const monitor = router.start('ip', ['-6', 'monitor', 'route']);
  await router.writeState(dualStackState(111, { wg222 }));
  await router.makeKey('keys/wg222.key');
  expect((await router.wgospf(['apply', '--adopt'])).stdout).toMatch(/^in sync: \d+ operations done/m);
  const settings = 'net.ipv6.conf.all.forwarding net.ipv6.conf.eth0.accept_ra net.ipv6.conf.wg222.accept_ra';
  expect(await router.sh(`sysctl -n ${settings}`)).toBe('1\n2\n0\n');
  expect(await defaults(router)).toContain('proto ra');
  expect((await monitor.stop()).split('\n').filter((line) => line.startsWith('Deleted default'))).toEqual([]);
  await router.sh('ip -6 route del default proto ra');
  await advertised(router);
  expect((await router.wgospf(['apply'])).stdout).toMatch(/^in sync: nothing to do/m);
});

test('a changed accept_ra is corrected, and down restores it', async () => {
  await router.sh('sysctl -qw net.ipv6.conf.eth0.accept_ra=1');
  expect((await router.wgospf(['apply'])).stdout).toMatch(/^in sync: 1 operation done/m);
  expect(await router.sh('sysctl -n net.ipv6.conf.eth0.accept_ra')).toBe('2\n');
  await router.wgospf(['down']);
  expect(await router.sh('sysctl -n net.ipv6.conf.all.forwarding net.ipv6.conf.eth0.accept_ra')).toBe('0\n1\n');
  expect(await defaults(router)).toContain('proto ra');
});

test('a second host with the address of a local interface is reported', async () => {
  const neighbour = await lab.host('neighbour', router, {
    dev: 'eth2',
    address: '10.69.9.50/24',
    gateway: '10.69.9.11',
  });
  await neighbour.sh('ip addr add fd42:69:9::1/64 dev eth0 nodad');
  // the lab has duplicate address detection switched off
  await router.sh('sysctl -qw net.ipv6.conf.eth2.accept_dad=1');
  const state = dualStackState(111, { wg222: { port: 51825, key: (await router.sh('wg genkey | wg pubkey')).trim() } });
  await router.writeState(
    state.replace(/eth1: .*/, 'eth2: {address: [10.69.9.11/24, "fd42:69:9::1/64"], ospf: {stub: true}}'),
  );
  // it may be told of at once
  await router.wgospf(['apply', '--adopt'], { mayFail: true });
  await eventually(async () => {
    const { stdout } = await router.wgospf(['apply'], { mayFail: true });
    expect(stdout).toContain('another host on eth2 has fd42:69:9::1 already');
  });
});

test('an advertisement on a mesh interface changes nothing on a host with an IPv4 mesh', async () => {
  const host = await lab.router('node333');
  await host.sh('sysctl -qw net.ipv6.conf.all.forwarding=0');
  const adviser = await lab.host('adviser', host, { dev: 'eth2', address: '10.69.3.50/24', gateway: '10.69.3.11' });
  await adviser.sh('sysctl -qw net.ipv6.conf.all.forwarding=1; ip address add 2001:db8:77::1/64 dev eth0 nodad');
  await adviser.writeFile('/etc/bird/bird.conf', siteAdvertiser, 0o644);
  const advise = ['-P', '/run/advise.pid', '-s', '/run/advise.ctl'];
  const taken = async (): Promise<string> => `${await defaults(host)}${await host.sh('ip -6 address show dev eth2')}`;
  await adviser.exec('bird', advise);
  await eventually(async () => {
    expect(await taken()).toMatch(/dev eth2 proto ra[^]*2001:db8:77:/);
  });
  await adviser.sh('kill $(cat /run/advise.pid)');
  await host.sh('ip link set eth2 down; ip link set eth2 up');
  expect(await taken()).not.toMatch(/dev eth2|2001:db8:77:/);
  await host.startBird();
  await host.writeState(stateText({ node: 333, eth1: '10.69.3.11/24', tunnels: {} }).replace('eth1:', 'eth2:'));
  await host.wgospf(['apply', '--adopt']);
  expect(await host.sh('sysctl -n net.ipv6.conf.all.forwarding')).toBe('0\n');
  const wire = host.start('tcpdump', ['-lnp', '-i', 'eth2', 'icmp6 and ip6[40] == 134']);
  await eventually(() => {
    expect(wire.output()).toContain('listening on');
  });
  await adviser.exec('bird', advise);
  // all that the first of two advertisements does is done when the second is there
  await eventually(() => {
    expect(wire.output()).toMatch(/router advertisement[^]*router advertisement/);
  });
  await wire.stop();
  expect(await taken()).not.toMatch(/dev eth2|2001:db8:77:/);
  expect((await host.wgospf(['leak-check'])).stdout).toMatch(/none crosses$/m);
  await host.sh('ip -6 route add default via fe80::1 dev eth2 metric 5');
  expect((await host.wgospf(['leak-check'], { mayFail: true })).stdout).toMatch(/LEAK this host to .* leaves by eth2/);
  await host.sh('ip -6 route del default via fe80::1 dev eth2 metric 5');
  await host.wgospf(['down']);
  const leaves = ['ipv6.conf.eth2.accept_ra', 'ipv6.conf.eth2.accept_redirects', 'ipv4.conf.eth2.accept_redirects'];
  expect(await host.sh(`sysctl -n ${leaves.map((leaf) => `net.${leaf}`).join(' ')}`)).toBe('1\n1\n1\n');
});
