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

const state = `
version: 1
router: {node: 111}
mesh: {table: {name: nycmesh, id: 2}, prefixes: [10.69.0.0/16, 10.70.0.0/16]}
interfaces: {eth1: {address: 10.69.1.11/24}}
tunnels:
  wg222:
    address: 10.70.89.0/31
    listenPort: 51825
    peer: {publicKey: xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=, endpoint: "203.0.113.2:51825"}
`;
const boot = `
ip link set lo up
ip link add eth0 type veth
ip link add eth1 type veth
ip link set eth0 up
ip link set eth1 up
ip address add 198.51.100.1/24 dev eth0
ip route add default via 198.51.100.254
`;

async function applied(text = state): Promise<{ host: FakeHost; model: RouterModel }> {
  const host = createFakeHost();
  host.run(boot);
  const model = readState(text, host.env);
  await reconcile(host, resources, model, { adopt: true });
  return { host, model };
}

const leaks = (paths: readonly Path[]): string[] =>
  paths.filter(({ leak }) => leak !== undefined).map((p) => `${p.origin.name} -> ${p.destination.name} by ${out(p)}`);
const out = ({ answer }: Path): string => (answer.verdict === 'forward' ? answer.dev : answer.verdict);

test('a router of ours: every path asked for, none crosses', async () => {
  const { host, model } = await applied();
  const paths = await checkLeaks(host, model);
  expect(leaks(paths)).toEqual([]);
  const origins = new Set(paths.map(({ origin }) => origin.name));
  expect(origins).toEqual(new Set(['eth1', 'wg222', 'this host by 10.69.1.11', 'eth0', 'eth0, spoofed', 'this host']));
  const aims = new Set(
    paths.filter(({ origin }) => origin.name === 'wg222').map(({ destination }) => destination.name),
  );
  expect([...aims]).toEqual(
    expect.arrayContaining(['internet', 'bogon', 'underlay', 'endpoint', '10.70.0.0/16', '10.69.0.0/16 unknown']),
  );
});

test('before the first apply a mesh interface that is up is open, and so is the way in', async () => {
  const host = createFakeHost();
  host.run(`${boot}ip address add 10.69.1.11/24 dev eth1`);
  const found = leaks(await checkLeaks(host, readState(state, host.env)));
  expect(found).toContain('eth1 -> internet by eth0');
  expect(found).toContain('eth0 -> 10.69.0.0/16 by eth1');
});

test("a rule of somebody else's before ours is found, and named as a condition", async () => {
  const { host, model } = await applied();
  host.run('ip rule add iif wg222 lookup main priority 900');
  expect(leaks(await checkLeaks(host, model))).toContain('wg222 -> internet by eth0');
  expect(await leakConditions(host, model)).toEqual([
    expect.objectContaining({ code: 'leak-path', severity: 'error', subject: 'wg222' }),
  ]);
});

test('a tunnel that would run through the mesh itself is told', async () => {
  const { host, model } = await applied();
  host.run('ip route add 203.0.113.0/24 dev wg222');
  expect(leaks(await checkLeaks(host, model))).toEqual(['this host -> endpoint by wg222']);
});

test('a link that goes under the questions is asked for no more; another failure is a condition', async () => {
  const { host, model } = await applied();
  host.failNext('rtnl.lookUp', 'ENODEV');
  expect(await leakConditions(host, model)).toEqual([]);
  host.failNext('rtnl.lookUp', 'ENOBUFS');
  expect(await leakConditions(host, model)).toEqual([expect.objectContaining({ code: 'leak-check-failed' })]);
});

test('with table main nothing is kept apart, and nothing is asked', async () => {
  const { host, model } = await applied(state.replace('{name: nycmesh, id: 2}', 'main'));
  expect(await checkLeaks(host, model)).toEqual([]);
});

const allowed = (paths: readonly Path[]): string[] =>
  paths.filter((path) => path.allowed).map((p) => `${p.origin.name} -> ${p.destination.name} by ${out(p)}`);
const withMesh = (words: string): string => state.replace('10.70.0.0/16]}', `10.70.0.0/16], ${words}}`);

test('a transit network is open both ways, the rest of the mesh is not', async () => {
  const { host, model } = await applied(withMesh('transit: [10.69.1.0/24]'));
  const paths = await checkLeaks(host, model);
  expect(leaks(paths)).toEqual([]);
  // eth1 is where the network is; a host of it may come in by the tunnel as well
  expect(allowed(paths)).toEqual([
    'eth1 -> internet by eth0',
    'eth1 -> bogon by eth0',
    'eth1 -> underlay by eth0',
    'eth1 -> endpoint by eth0',
    'wg222, transit -> internet by eth0',
    'wg222, transit -> bogon by eth0',
    'wg222, transit -> underlay by eth0',
    'wg222, transit -> endpoint by eth0',
    'eth0 -> 10.69.1.0/24 transit by eth1',
    'eth0, spoofed -> 10.69.1.0/24 transit by eth1',
  ]);
  const refused = paths.filter(({ origin, destination }) => origin.name === 'wg222' && destination.name === 'internet');
  expect(refused.map(({ answer }) => answer.verdict)).toEqual(['refused', 'refused']);
});

test('what a transit network must not do is a leak all the same', async () => {
  const { host, model } = await applied(withMesh('transit: [10.69.1.0/24]'));
  host.run('ip rule del priority 1014 to 10.70.0.0/16 && ip rule del priority 1014 to 10.69.0.0/16');
  const found = leaks(await checkLeaks(host, model));
  expect(found).toContain('eth1 -> 10.70.0.0/16 unknown by eth0');
  expect(found.filter((path) => path.includes('internet'))).toEqual([]);
});

test('an exit is open both ways for the whole mesh, and to what nobody announces for nobody', async () => {
  const { host, model } = await applied(withMesh('exit: allow'));
  const paths = await checkLeaks(host, model);
  expect(leaks(paths)).toEqual([]);
  const open = allowed(paths);
  expect(open).toContain('wg222 -> internet by eth0');
  expect(open).toContain('this host by 10.69.1.11 -> internet by eth0');
  expect(open).toContain('eth0 -> 10.70.0.0/16 by wg222');
  expect(open.filter((path) => path.includes('unknown by eth0'))).toEqual([]);
});

test('by a mark: with it a packet goes to the mesh, without it nowhere', async () => {
  const { host, model } = await applied(withMesh('match: mark'));
  const paths = await checkLeaks(host, model);
  expect(leaks(paths)).toEqual([]);
  const toTunnel = paths.filter(({ destination, origin }) => destination.name === '10.70.0.0/16' && origin.iif !== '');
  expect(toTunnel.map((p) => `${p.origin.name}: ${out(p)}`)).toEqual([
    'eth1: wg222',
    'eth1, unmarked: refused',
    'wg222: wg222',
    'wg222, unmarked: refused',
    'eth0: refused',
    'eth0, spoofed: refused',
  ]);
  host.run('ip rule del priority 1099 iif wg222');
  // no rule of the mark's is needed to see that the flushed state would leak
  expect(leaks(await checkLeaks(host, model))).toEqual([]);
  host.run('ip rule add priority 900 iif wg222 lookup main');
  expect(leaks(await checkLeaks(host, model))).toContain('wg222, unmarked -> internet by eth0');
});
