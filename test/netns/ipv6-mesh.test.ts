// A mesh of both families with real WireGuard and BIRD: OSPFv2 and OSPFv3 side by side, nothing of either outside, and IPv6
// taken out of a running router again.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linkLocalOf } from '../../src/net/link-local.ts';
import { dualStackState, makeDualStackMesh, siteOf, SOMEBODY, type DualStackMesh } from './lab/dual-stack-mesh.ts';
import { eventually } from './lab/eventually.ts';
import { expectPing } from './lab/expect-mesh.ts';
import type { Router } from './lab/router.ts';
import type { Running } from './lab/running.ts';

let mesh: DualStackMesh;
/** known once its router has made it */
let thirdKey = '';
let found: string;
/** mesh addresses on the underlay, in clear */
let wire: Running;
let traffic: Running[];

const tunnels = (): Record<'one' | 'two' | 'three', string> => {
  const { keys } = mesh;
  const to222 = { address: '[10.70.89.0/31, "fd42:70:89::/127"]', port: 51825, key: keys.twoToOne };
  return {
    one: dualStackState(111, { wg222: { ...to222, endpoint: '198.51.100.2:51825' } }),
    two: dualStackState(222, {
      wg111: { address: '["fd42:70:89::1/127", 10.70.89.1/31]', port: 51825, key: keys.one },
      wg333: { port: 51826, key: thirdKey },
    }),
    three: dualStackState(333, { wg222: { port: 51826, key: keys.twoToThree, endpoint: '[2001:db8::2]:51826' } }),
  };
};

beforeAll(async () => {
  mesh = await makeDualStackMesh();
  const { one, lab } = mesh;
  await lab.underlay.sh('ip addr add 2001:db8:9::1/128 dev br0');
  found = await one.router.dump();
  wire = lab.underlay.start('tcpdump', ['-lnp', '-i', 'any', 'ip6', 'and', 'net', 'fd42::/16']);
  traffic = [`${siteOf(333)}50`, `${siteOf(77)}1`, SOMEBODY, '2001:db8:9::1'].map((to) =>
    one.host.start('ping', ['-n', '-i', '0.05', to]),
  );
});

afterAll(() => mesh.lab.close());

const linkLocals = async (router: Router, dev: string): Promise<string[]> => {
  const { stdout } = await router.exec('ip', ['-6', '-o', 'addr', 'show', 'dev', dev, 'scope', 'link']);
  return Array.from(stdout.matchAll(/inet6 (\S+)/g), ([, address]) => address ?? '');
};

test('without a key plan prints what follows, and one apply makes key and link-local address', async () => {
  const { router } = mesh.three;
  // the lab has duplicate address detection switched off, and a host has not
  await router.sh('sysctl -qw net.ipv6.conf.default.accept_dad=1 net.ipv6.conf.all.accept_dad=1');
  await router.writeState(tunnels().three);
  const plan = await router.wgospf(['plan', '--adopt'], { mayFail: true });
  expect(plan.stdout).toContain('link-local address of wg222 follows from its key, once /etc/wgospf/keys/wg222.key is');
  const { stdout } = await router.wgospf(['apply', '--adopt']);
  expect(stdout).toMatch(/^in sync: \d+ operations done/m);
  expect(stdout).not.toContain('follows from its key');
  thirdKey = (await router.sh('wg pubkey </etc/wgospf/keys/wg222.key')).trim();
  const { address } = linkLocalOf(thirdKey);
  // the one that follows from the key, and none that the kernel made up; it is tentative at no moment (NOARP: no DAD)
  expect(await linkLocals(router, 'wg222')).toEqual([`${address}/64`]);
  expect(await router.sh('ip -6 addr show dev wg222 tentative')).toBe('');
});

test('an apply on each router brings both OSPFs to Full', async () => {
  const { one, two, three } = mesh;
  const states = tunnels();
  await one.router.writeState(states.one);
  await two.router.writeState(states.two);
  for (const { router } of [one, two]) {
    expect((await router.wgospf(['apply', '--adopt'])).stdout).toMatch(/^in sync: \d+ operations done/m);
  }
  const neighbors = async (router: Router): Promise<string[]> =>
    (await router.ospfNeighbors()).map((n) => `${n.dev} ${n.routerId} ${n.address} ${n.state}`).sort();
  const far = (key: string): string => linkLocalOf(key).address;
  await eventually(async () => {
    expect(await neighbors(one.router)).toEqual(
      ['wg222 10.69.2.22 10.70.89.1 Full/PtP', `wg222 10.69.2.22 ${far(mesh.keys.twoToOne)} Full/PtP`].sort(),
    );
    expect(await neighbors(three.router)).toEqual([`wg222 10.69.2.22 ${far(mesh.keys.twoToThree)} Full/PtP`]);
    expect(await neighbors(two.router)).toHaveLength(3);
  });
});

const meshRoute6 = (router: Router, network: string): Promise<string> =>
  eventually(async () => {
    const { stdout } = await router.exec('ip', ['-6', 'route', 'show', 'table', '2', network]);
    expect(stdout, `${router.name}: route to ${network}`).not.toBe('');
    return stdout.trim();
  });

test('IPv6 routes are in the mesh table, and packets cross both tunnels', async () => {
  const { one, two, three } = mesh;
  const route = await meshRoute6(one.router, `${siteOf(333)}/64`);
  expect(route).toContain(`via ${linkLocalOf(mesh.keys.twoToOne).address} dev wg222 proto bird metric 64`);
  await meshRoute6(three.router, `${siteOf(111)}/64`);
  for (const node of [111, 333]) await meshRoute6(two.router, `${siteOf(node)}/64`);
  await expectPing(one.host, `${siteOf(333)}50`);
  await expectPing(one.router, `${siteOf(333)}1`);
});

test('a tunnel reports its smaller MTU from a mesh address, through the mesh', async () => {
  const { one } = mesh;
  const big = ['-n', '-c', '2', '-i', '0.2', '-W', '2', '-s', '1400', '-M', 'do', `${siteOf(333)}50`];
  const { stdout } = await one.host.exec('ping', big, { mayFail: true });
  expect(stdout).toContain(`From ${siteOf(111)}1 icmp_seq=1 Packet too big: mtu=1420`);
  // and with it known, large packets arrive
  await expectPing(one.host, `${siteOf(333)}50`);
  // the far router, for a host of another site: its error goes back through the mesh
  const { stdout: lost } = await one.host.exec('ping', ['-n', '-c', '1', '-W', '2', `${siteOf(333)}99`, '-t', '2'], {
    mayFail: true,
  });
  expect(lost).toMatch(/From fd42:\S+ icmp_seq=1 Time exceeded/);
});

test('a second apply does nothing', async () => {
  for (const { router } of [mesh.one, mesh.two, mesh.three]) {
    expect((await router.wgospf(['apply'])).stdout).toMatch(/^in sync: nothing to do/m);
  }
});

test('status shows both addresses and both adjacencies', async () => {
  const { stdout } = await mesh.one.router.wgospf(['status']);
  expect(stdout).toMatch(/wg222 .*10\.70\.89\.0\/31 fd42:70:89::\/127 .*Full/);
  expect(stdout).toMatch(new RegExp(`10\\.69\\.2\\.22 +${linkLocalOf(mesh.keys.twoToOne).address} +wg222 +Full`));
  expect((await mesh.three.router.wgospf(['status'])).stdout).toContain(linkLocalOf(thirdKey).address);
});

test('a packet with a mesh address as its source goes nowhere but into the mesh', async () => {
  const { router } = mesh.one;
  for (const to of [SOMEBODY, '2001:db8:9::1']) {
    const { stdout, stderr } = await router.exec('ping', ['-n', '-c', '1', '-W', '1', '-I', `${siteOf(111)}1`, to], {
      mayFail: true,
    });
    expect(`${stdout}${stderr}`).toMatch(/unreachable|0 received/i);
  }
  // as itself it reaches the internet
  await expectPing(router, SOMEBODY);
});

test('no mesh packet crossed the underlay in clear text meanwhile', async () => {
  for (const ping of traffic) await ping.stop();
  const { underlay } = mesh.lab;
  await underlay.sh(`ip -6 route add fd42:99::/32 via 2001:db8::1; ping -n -c 1 -W 1 fd42:99::99 || true`);
  await eventually(() => {
    expect(wire.output()).toContain('> fd42:99::99: ICMP6, echo request');
  });
  const captured = (await wire.stop()).split('\n').filter((line) => line.includes(' IP6 '));
  expect(captured.filter((line) => !line.includes('fd42:99::99'))).toEqual([]);
});

test('a host on the underlay cannot reach the mesh', async () => {
  const { underlay } = mesh.lab;
  await underlay.sh(`ip -6 route add fd42:69::/32 via 2001:db8::1`);
  for (const to of [`${siteOf(111)}50`, `${siteOf(333)}50`]) {
    const { stdout } = await underlay.exec('ping', ['-n', '-c', '2', '-i', '0.2', '-W', '1', to], { mayFail: true });
    expect(stdout).toContain('0 received');
  }
});

test('a link set down and up lacks its link-local address and BIRD its OSPFv3 interface, and apply restores both', async () => {
  const { router } = mesh.one;
  await router.sh('ip link set wg222 down; ip link set wg222 up');
  expect(await linkLocals(router, 'wg222')).toEqual([]);
  // keep_addr_on_down has kept the other
  expect(await router.sh('ip -6 addr show dev wg222')).toContain('fd42:70:89::/127');
  await eventually(async () => {
    expect(await router.birdc('show ospf interface mesh4')).toContain('Interface wg222');
    expect(await router.birdc('show ospf interface mesh6')).not.toContain('Interface wg222');
  });
  expect((await router.wgospf(['apply'])).stdout).toMatch(/^in sync: \d+ operations? done/m);
  expect(await linkLocals(router, 'wg222')).toHaveLength(1);
  await eventually(async () => {
    expect((await router.ospfNeighbors()).map(({ state }) => state)).toEqual(['Full/PtP', 'Full/PtP']);
  });
  await meshRoute6(router, `${siteOf(333)}/64`);
});

test('removing IPv6 from the file leaves the IPv4 adjacency and its routes', async () => {
  const { router } = mesh.one;
  await eventually(async () => {
    expect(await router.sh('ip route show table 2 10.69.2.0/24')).toContain('proto bird');
  });
  const monitor = router.start('ip', ['-4', 'monitor', 'route']);
  const noticed = (metric: number): Promise<void> =>
    eventually(async () => {
      await router.sh(`ip route add blackhole 192.0.2.1 table 99 metric ${metric}; ip route del 192.0.2.1 table 99`);
      expect(monitor.output()).toContain(`metric ${metric}`);
    });
  await noticed(501);
  const { keys } = mesh;
  const v4 = { address: '10.70.89.0/31', port: 51825, key: keys.twoToOne, endpoint: '198.51.100.2:51825' };
  await router.writeState(dualStackState(111, { wg222: v4 }, false));
  const { stdout } = await router.wgospf(['apply']);
  expect(stdout).toMatch(/^in sync: \d+ operations done/m);
  await eventually(async () => {
    const rows = (await router.ospfNeighbors()).map(({ address, state }) => `${address} ${state}`);
    expect(rows).toEqual(['10.70.89.1 Full/PtP']);
  });
  await noticed(502);
  const events = (await monitor.stop()).split('\n').filter((line) => line !== '' && !/ metric 50[12]/.test(line));
  expect(events).toEqual([]);
  expect(await linkLocals(router, 'wg222')).toEqual([]);
  expect(await router.sh('ip -6 route show table 2')).not.toContain('proto bird');
  expect(await router.sh('sysctl -n net.ipv6.conf.all.forwarding net.ipv6.conf.eth0.accept_ra')).toBe('0\n1\n');
});

test('down restores the host in both families', async () => {
  const { router } = mesh.one;
  await router.writeState(tunnels().one);
  await router.wgospf(['apply']);
  await router.wgospf(['down']);
  await router.sh('rm /etc/wgospf/state.yaml');
  expect(await router.dump()).toBe(found);
});
