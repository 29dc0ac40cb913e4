// An uplink whose IPv6 comes by router advertisements: its default route, the operator's way in, must outlive our forwarding.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dualStackState } from './lab/dual-stack-mesh.ts';
import { eventually } from './lab/eventually.ts';
import { makeLab, type Lab } from './lab/make-lab.ts';
import type { Router } from './lab/router.ts';

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

test('forwarding by itself throws the advertised default route away, and takes no other', async () => {
  await plain.sh('sysctl -qw net.ipv6.conf.all.forwarding=1');
  expect(await defaults(plain)).toBe('');
});

test('apply switches forwarding on and keeps the route; later advertisements still count', async () => {
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

test('somebody who sets accept_ra back is corrected, and down gives it back', async () => {
  await router.sh('sysctl -qw net.ipv6.conf.eth0.accept_ra=1');
  expect((await router.wgospf(['apply'])).stdout).toMatch(/^in sync: 1 operation done/m);
  expect(await router.sh('sysctl -n net.ipv6.conf.eth0.accept_ra')).toBe('2\n');
  await router.wgospf(['down']);
  expect(await router.sh('sysctl -n net.ipv6.conf.all.forwarding net.ipv6.conf.eth0.accept_ra')).toBe('0\n1\n');
  expect(await defaults(router)).toContain('proto ra');
});

test('another host with the address of a local interface is told of', async () => {
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
  await router.wgospf(['apply', '--adopt']);
  await eventually(async () => {
    const { stdout } = await router.wgospf(['apply'], { mayFail: true });
    expect(stdout).toContain('another host on eth2 has fd42:69:9::1 already');
  });
});
