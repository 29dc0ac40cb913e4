// The leak check on the fake host, whose routing decision passes the same checks as the kernel's.
import { expect, test } from 'vitest';
import { reconcile } from '../../src/engine/reconcile.ts';
import { checkLeaks } from '../../src/leak-check/check-leaks.ts';
import { leakConditions } from '../../src/leak-check/leak-conditions.ts';
import type { Path } from '../../src/leak-check/types.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { resources } from '../../src/resources/index.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { readState } from '../fakes/read-state.ts';
import { boot, state } from './one-tunnel.ts';

async function applied(
  text = state,
  names: Record<string, string[]> = {},
): Promise<{ host: FakeHost; model: RouterModel }> {
  const host = createFakeHost({ names });
  host.run(boot);
  const model = readState(text, host.env);
  await reconcile(host, resources, model, { adopt: true });
  return { host, model };
}

const leaks = (paths: readonly Path[]): string[] =>
  paths.filter(({ leak }) => leak !== undefined).map((p) => `${p.origin.name} -> ${p.destination.name} by ${out(p)}`);
const out = ({ answer }: Path): string => (answer.verdict === 'forward' ? answer.dev : answer.verdict);

test('on a router of ours every path is asked for, and none crosses', async () => {
  const { host, model } = await applied();
  const paths = await checkLeaks(host, model);
  expect(leaks(paths)).toEqual([]);
  const mesh = ['eth1', 'wg222'].flatMap((name) =>
    ['', ', private', ', public', ', link-local'].map((what) => name + what),
  );
  const outside = ['eth0', 'eth0, spoofed', 'eth0, private', 'eth0, link-local'];
  const own = ['', ' by 10.69.1.11', ' by 10.70.89.0', ' by 198.51.100.1'].map((by) => `this host${by}`);
  expect(new Set(paths.map(({ origin }) => origin.name))).toEqual(new Set([...mesh, ...outside, ...own]));
  const aims = new Set(
    paths.filter(({ origin }) => origin.name === 'wg222').map(({ destination }) => destination.name),
  );
  expect([...aims]).toEqual(
    expect.arrayContaining(['internet', 'bogon', 'underlay', 'endpoint', '10.70.0.0/16', '10.69.0.0/16 unknown']),
  );
});

test('before the first apply a mesh interface that is up is open in both directions', async () => {
  const host = createFakeHost();
  host.run(`${boot}ip address add 10.69.1.11/24 dev eth1\nsysctl -w net.ipv4.ip_forward=1`);
  const found = leaks(await checkLeaks(host, readState(state, host.env)));
  expect(found).toContain('eth1 -> internet by eth0');
  expect(found).toContain('eth0 -> 10.69.0.0/16 by eth1');
});

test('a foreign rule before ours is found, and is named in a condition', async () => {
  const { host, model } = await applied();
  host.run('ip rule add iif wg222 lookup main priority 900');
  expect(leaks(await checkLeaks(host, model))).toContain('wg222 -> internet by eth0');
  expect(await leakConditions(host, model)).toEqual([
    expect.objectContaining({ code: 'leak-path', severity: 'error', subject: 'wg222' }),
  ]);
});

const second = `
  wg333:
    address: 10.70.89.2/31
    listenPort: 51826
    peer: {publicKey: Yaj1JlHlq/qOIeHikQy31Fr4iGxTUbikXFNvIA3x4Tk=, endpoint: "vpn.example.net:51825"}
`;

test('every endpoint in use and every address of its name is asked for', async () => {
  const names = { 'vpn.example.net': ['192.0.2.33', '192.0.2.44', '2001:db8::44'] };
  const { host, model } = await applied(state + second, names);
  expect(leaks(await checkLeaks(host, model))).toEqual([]);
  host.run('ip route add 192.0.2.44/32 dev wg222\nip -6 route add 2001:db8::/64 dev wg222');
  const found = leaks(await checkLeaks(host, model));
  expect(found).toContain('this host -> endpoint 192.0.2.44 by wg222');
  expect(found).toContain('this host -> endpoint by wg222');
  expect(found.filter((path) => path.includes('192.0.2.33'))).toEqual([]);
});

test.each([
  [
    'a default route by a tunnel',
    'ip route del default via 198.51.100.254\nip route add default dev wg222',
    'internet',
  ],
  ['a network that is not of the mesh by a tunnel', 'ip route add 172.20.0.0/16 dev wg222', '172.20.0.0/16'],
  [
    'a network that is not of the mesh by a tunnel and another next hop',
    'ip route add 172.20.0.0/16 nexthop dev wg222 nexthop via 198.51.100.254 dev eth0',
    '172.20.0.0/16',
  ],
])('%s takes foreign packets into the mesh and is found', async (_, text, aim) => {
  const { host, model } = await applied();
  host.run(text);
  expect(leaks(await checkLeaks(host, model))).toContain(`this host -> ${aim} by wg222`);
});

test.each([
  ['iif wg222 lookup main', 'wg222, private -> internet by eth0'],
  ['from 192.168.77.0/24 iif wg222 lookup main', 'wg222, by rule 500 -> internet by eth0'],
  ['from 192.168.0.0/16 to 203.0.113.0/24 lookup main', 'eth1, by rule 500 -> 203.0.113.0/24 by eth0'],
  ['from 169.254.0.0/16 lookup main', 'eth1, link-local -> internet by eth0'],
  ['from 10.69.1.11 lookup main', 'this host by 10.69.1.11 -> internet by eth0'],
  ['from 198.51.100.1 lookup main', 'this host by 198.51.100.1 -> 10.69.0.0/16 unknown by eth0'],
  ['fwmark 0x1 lookup main', 'eth1, by rule 500 -> internet by eth0'],
  ['fwmark 0x1 lookup main', 'this host, by rule 500 -> 10.69.0.0/16 unknown by eth0'],
  ['from 192.168.0.0/16 to 10.70.0.0/16 lookup 2', 'eth0, by rule 500 -> 10.70.0.0/16 by wg222'],
])('a foreign rule is asked about with a packet that it matches: %s', async (ruleText, path) => {
  const { host, model } = await applied();
  expect(leaks(await checkLeaks(host, model))).toEqual([]);
  host.run(`ip rule add ${ruleText} priority 500`);
  expect(leaks(await checkLeaks(host, model))).toContain(path);
});

test('a mesh network that leaves by a foreign route in the mesh table is found', async () => {
  const { host, model } = await applied();
  host.run('ip route add 10.69.50.0/24 via 198.51.100.254 table 2');
  expect(leaks(await checkLeaks(host, model))).toContain('eth1 -> 10.69.50.0/24 by eth0');
});

test('a foreign link with the name of a tunnel belongs to the underlay', async () => {
  const { host, model } = await applied();
  host.run('ip link del wg222\nip link add wg222 type veth\nip link set wg222 up');
  expect(leaks(await checkLeaks(host, model))).toContain('wg222 -> 10.69.0.0/16 by eth1');
  await reconcile(host, resources, model, { adopt: false });
  const paths = await checkLeaks(host, model);
  expect(leaks(paths)).toEqual([]);
  expect(paths.find(({ origin }) => origin.name === 'wg222')?.origin.side).toBe('underlay');
});

test('a port of a bridge is not asked for, because its packets come in through the bridge', async () => {
  const { host, model } = await applied();
  host.run('ip link add docker0 type bridge\nip link add veth1 type veth\nip link set veth1 master docker0');
  host.run('ip link set docker0 up\nip link set veth1 up');
  const origins = (await checkLeaks(host, model)).map(({ origin }) => origin.iif);
  expect(origins).toContain('docker0');
  expect(origins).not.toContain('veth1');
});

test('with many tunnels each is asked for, and no pair of tunnels', async () => {
  const tunnels = Array.from({ length: 100 }, (_, i) => {
    const publicKey = `${'ABCDEFGHIJ'.charAt(i % 10)}${'KLMNOPQRST'.charAt(Math.floor(i / 10))}${'a'.repeat(40)}A=`;
    return `  wg${1000 + i}: {address: 10.70.${i}.0/31, listenPort: ${50000 + i}, peer: {publicKey: ${publicKey}, endpoint: "192.0.2.${i + 1}:51825"}}`;
  });
  const { host, model } = await applied(
    `${state.slice(0, state.indexOf('tunnels:'))}tunnels:\n${tunnels.join('\n')}\n`,
  );
  let asked = 0;
  const lookUp: typeof host.rtnl.lookUp = (queries) => {
    asked += queries.length;
    return Promise.resolve(queries.map(() => ({ verdict: 'refused', code: 'ENETUNREACH' })));
  };
  const paths = await checkLeaks({ ...host, rtnl: { ...host.rtnl, lookUp } }, model);
  expect(new Set(paths.map(({ origin }) => origin.iif)).size).toBeGreaterThan(100);
  const ends = new Set(paths.filter((p) => p.origin.name === 'this host').map(({ query }) => query.to));
  for (let i = 1; i <= 100; i++) expect(ends).toContain(`192.0.2.${i}`);
  expect(asked).toBeLessThan(50 * 100);
});

test('a tunnel that would run through the mesh itself is reported', async () => {
  const { host, model } = await applied();
  host.run('ip route add 203.0.113.0/24 dev wg222');
  expect(leaks(await checkLeaks(host, model))).toEqual([
    'this host -> endpoint by wg222',
    'this host -> 203.0.113.0/24 by wg222',
    'this host by 198.51.100.1 -> endpoint by wg222',
  ]);
});

test('a link that disappears during the questions is left out, and another failure is a condition', async () => {
  const { host, model } = await applied();
  host.failNext('rtnl.lookUp', 'ENODEV');
  expect(await leakConditions(host, model)).toEqual([]);
  host.failNext('rtnl.lookUp', 'ENOBUFS');
  expect(await leakConditions(host, model)).toEqual([expect.objectContaining({ code: 'leak-check-failed' })]);
});

test('with table main nothing is separated, and nothing is asked', async () => {
  const { host, model } = await applied(state.replace('{name: nycmesh, id: 2}', 'main'));
  expect(await checkLeaks(host, model)).toEqual([]);
});

const allowed = (paths: readonly Path[]): string[] =>
  paths.filter((path) => path.allowed).map((p) => `${p.origin.name} -> ${p.destination.name} by ${out(p)}`);
const withMesh = (words: string): string => state.replace('10.70.0.0/16]}', `10.70.0.0/16], ${words}}`);

test('a transit network is open both ways, and the rest of the mesh is closed', async () => {
  const { host, model } = await applied(withMesh('transit: [10.69.1.0/24]'));
  const paths = await checkLeaks(host, model);
  expect(leaks(paths)).toEqual([]);
  host.run('ip rule del priority 1091 from 10.69.0.0/16\nip rule del priority 1097 from 10.69.0.0/16');
  // with a forged source it would be open
  expect(leaks(await checkLeaks(host, model))).toContain('eth0, spoofed -> 10.69.1.0/24 transit by eth1');
  // the network is on eth1; a host of it may also come in through the tunnel
  expect(allowed(paths)).toEqual([
    'eth1 -> internet by eth0',
    'eth1 -> bogon by eth0',
    'eth1 -> link-local by eth0',
    'eth1 -> underlay by eth0',
    'eth1 -> endpoint by eth0',
    'wg222, transit -> internet by eth0',
    'wg222, transit -> bogon by eth0',
    'wg222, transit -> link-local by eth0',
    'wg222, transit -> underlay by eth0',
    'wg222, transit -> endpoint by eth0',
    'eth0 -> 10.69.1.0/24 transit by eth1',
    'eth0, private -> 10.69.1.0/24 transit by eth1',
    'eth0, link-local -> 10.69.1.0/24 transit by eth1',
  ]);
  const refused = paths.filter(({ origin, destination }) => origin.name === 'wg222' && destination.name === 'internet');
  expect(refused.map(({ answer }) => answer.verdict)).toEqual(['refused', 'refused']);
});

test('a transit network with a forbidden path is a leak', async () => {
  const { host, model } = await applied(withMesh('transit: [10.69.1.0/24]'));
  host.run('ip rule del priority 1014 to 10.70.0.0/16 && ip rule del priority 1014 to 10.69.0.0/16');
  const found = leaks(await checkLeaks(host, model));
  expect(found).toContain('eth1 -> 10.70.0.0/16 unknown by eth0');
  expect(found.filter((path) => path.includes('internet'))).toEqual([]);
});

test('an exit is open both ways for the whole mesh, and closed for addresses that nobody announces', async () => {
  const { host, model } = await applied(withMesh('exit: allow'));
  const paths = await checkLeaks(host, model);
  expect(leaks(paths)).toEqual([]);
  const open = allowed(paths);
  expect(open).toContain('wg222 -> internet by eth0');
  expect(open).toContain('this host by 10.69.1.11 -> internet by eth0');
  expect(open).toContain('eth0 -> 10.70.0.0/16 by wg222');
  expect(open.filter((path) => path.includes('unknown by eth0'))).toEqual([]);
});

test('with a mark a packet goes to the mesh, and without it nowhere', async () => {
  const { host, model } = await applied(withMesh('match: mark'));
  const paths = await checkLeaks(host, model);
  expect(leaks(paths)).toEqual([]);
  const toTunnel = paths.filter(
    ({ destination, origin }) => destination.name === '10.70.0.0/16' && origin.iif !== '' && origin.of === undefined,
  );
  expect(toTunnel.map((p) => `${p.origin.name}: ${out(p)}`)).toEqual([
    'eth1: wg222',
    'eth1, unmarked: refused',
    'wg222: wg222',
    'wg222, unmarked: refused',
    'eth0: refused',
    'eth0, spoofed: refused',
  ]);
  host.run('ip rule del priority 1099 iif wg222');
  // a mesh source also meets the spoof guard, other sources meet none
  const found = leaks(await checkLeaks(host, model));
  expect(found).toContain('wg222, private, unmarked -> internet by eth0');
  expect(found.filter((path) => /^wg222(?:, unmarked)? /.test(path))).toEqual([]);
  host.run('ip rule add priority 900 iif wg222 lookup main');
  expect(leaks(await checkLeaks(host, model))).toContain('wg222, unmarked -> internet by eth0');
});
