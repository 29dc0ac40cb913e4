// The leak check of a mesh in a VRF device: through its slaves, through the device, and for a socket that is bound to it.
import { expect, test } from 'vitest';
import { reconcile } from '../../src/engine/reconcile.ts';
import { checkLeaks } from '../../src/leak-check/check-leaks.ts';
import { resources } from '../../src/resources/index.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { readState } from '../fakes/read-state.ts';

const state = `
version: 1
router: {node: 111}
mesh: {table: {name: nycmesh, id: 2}, isolation: vrf, prefixes: [10.69.0.0/16, 10.70.0.0/16]}
interfaces: {eth1: {address: 10.69.1.11/24}}
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

async function applied(): Promise<FakeHost> {
  const host = createFakeHost();
  host.run(boot);
  await reconcile(host, resources, readState(state, host.env), { adopt: false });
  return host;
}

/** `ORIGIN -> DESTINATION` of the paths that cross, and the origins of all. */
async function ask(host: FakeHost): Promise<{ leaks: string[]; origins: Set<string> }> {
  const paths = await checkLeaks(host, readState(state, host.env));
  const leaks = paths.filter(({ leak }) => leak !== undefined);
  return {
    leaks: leaks.map(({ origin, destination }) => `${origin.name} -> ${destination.name}`),
    origins: new Set(paths.filter(({ origin }) => origin.of === undefined).map(({ origin }) => origin.name)),
  };
}

test('device, slave and bound socket are asked for, and none crosses', async () => {
  const { leaks, origins } = await ask(await applied());
  expect(leaks).toEqual([]);
  expect(origins).toEqual(
    new Set([
      'eth1',
      'nycmesh',
      'this host by 10.69.1.11',
      'this host in nycmesh',
      'eth0',
      'eth0, spoofed',
      'this host',
    ]),
  );
});

test('with a flushed table the rules alone refuse, and without the rule for bound sockets these leave', async () => {
  const host = await applied();
  host.run('ip route flush table 2');
  expect((await ask(host)).leaks).toEqual([]);
  host.run('ip rule del priority 1012 iif lo l3mdev unreachable');
  expect((await ask(host)).leaks).toContain('this host in nycmesh -> internet');
});

const inTable = state.replace('isolation: vrf, ', '');

test.each([
  ['table', inTable],
  ['vrf', state],
])('a socket bound to another VRF is asked for and refused the mesh, isolation %s', async (_, text) => {
  const host = createFakeHost();
  host.run(`${boot}\nip link add blue type vrf table 77\nip link set blue up`);
  const model = readState(text, host.env);
  await reconcile(host, resources, model, { adopt: false });
  const fromBlue = async (): Promise<string[]> =>
    (await checkLeaks(host, model))
      .filter(({ origin }) => origin.name === 'this host in blue')
      .map(({ destination, answer, leak }) => `${destination.name}: ${leak ?? answer.verdict}`);
  expect(await fromBlue()).toContain('10.69.0.0/16: refused');
  host.run('ip rule del priority 1009 iif lo l3mdev goto 1012');
  expect(await fromBlue()).toContain('10.69.0.0/16: it gets into the mesh');
});

test('routes of another VRF to mesh addresses are not reported', async () => {
  const host = createFakeHost();
  host.run(`${boot}
ip link add blue type vrf table 77
ip link set blue up
ip link add eth7 type veth
ip link set eth7 master blue
ip link set eth7 up
ip address add 10.69.1.200/24 dev eth7
`);
  const model = readState(state, host.env);
  const paths = await checkLeaks(host, model);
  const blue = paths.filter(({ origin }) => origin.name === 'this host in blue');
  expect(blue.map(({ answer }) => answer.verdict)).toContain('forward');
  expect(blue.filter(({ leak }) => leak !== undefined)).toEqual([]);
});
