// How often a plan with nothing to do calls the host: the same number for thirty links as for three, and each question once.
import { expect, test } from 'vitest';
import { isInSync, makeWholePlan, reconcile } from '../../src/engine/reconcile.ts';
import { takeSnapshot } from '../../src/host/snapshot.ts';
import { leakConditions } from '../../src/leak-check/leak-conditions.ts';
import { resources } from '../../src/resources/index.ts';
import { readStatus } from '../../src/status/read-status.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { readState } from '../fakes/read-state.ts';
import { countingHost } from './counting-host.ts';

const boot = `
ip link set lo up
ip link add eth0 type veth
ip link add eth1 type veth
ip link set eth0 up
ip link set eth1 up
ip address add 198.51.100.1/24 dev eth0
ip route add default via 198.51.100.254
`;

/** With every option of a tunnel in a state file; the far ends have names, as most have. */
const stateOf = (links: number, isolation: string): string => `
version: 1
router: {node: 111}
mesh:
  isolation: ${isolation}
  table: {name: nycmesh, id: 2}
  prefixes: [10.69.0.0/16, 10.70.0.0/16, "fd42::/16"]
interfaces: {eth1: {address: [10.69.1.11/24, "fd42:1::1/64"]}}
tunnels:
${Array.from({ length: links }, (_, i) => {
  const key = Buffer.alloc(32, i + 1).toString('base64');
  const peer = `publicKey: ${key}, presharedKeyFile: /etc/wgospf/keys/wg${i}.psk, endpoint: "node${i}.example.net:51825"`;
  return `  wg${i}: {address: [10.70.89.${2 * i}/31, "fd42:89:${i}::/127"], listenPort: ${20000 + i}, peer: {${peer}}}`;
}).join('\n')}
`;

async function routerOf(links: number, isolation: string): Promise<FakeHost> {
  const numbers = Array.from({ length: links }, (_, i) => i);
  const names = Object.fromEntries(numbers.map((i) => [`node${i}.example.net`, [`203.0.113.${i + 1}`]]));
  const host = createFakeHost({ names });
  host.run(boot + numbers.map((i) => `wg genpsk > /etc/wgospf/keys/wg${i}.psk\n`).join(''));
  const report = await reconcile(host, resources, readState(stateOf(links, isolation), host.env), { adopt: false });
  expect(report).toMatchObject({ inSync: true });
  for (const { wg } of [host.state, ...host.state.namespaces.values()])
    for (const { peers } of wg.values()) for (const peer of peers.values()) peer.latestHandshake = host.now() / 1000;
  host.calls.length = 0;
  return host;
}

async function callsOf(links: number, isolation: string): Promise<string[]> {
  const host = await routerOf(links, isolation);
  const model = readState(stateOf(links, isolation), host.env);
  const calls: string[] = [];
  const snapshot = takeSnapshot(countingHost(host, calls));
  const plan = await makeWholePlan(snapshot, resources, model, { adopt: false, inspect: leakConditions });
  expect(isInSync(plan)).toBe(true);
  const questions = host.calls.map(({ name, args }) => JSON.stringify([name, args]));
  expect(questions.filter((one, at) => questions.indexOf(one) !== at)).toEqual([]);
  const before = calls.length;
  await readStatus(snapshot, { model, plan, problems: [] });
  // a plan reads everything except BIRD's neighbours, and routes of BIRD and of us in a main table that is the mesh's
  expect(calls.slice(before)).toEqual(isolation === 'netns' ? ['bird.batch', 'rtnl.batch'] : ['bird.batch']);
  return calls.slice(0, before).toSorted();
}

test.each(['table', 'vrf'])(
  'a plan with nothing to do makes at most twelve host calls in mode %s',
  async (isolation) => {
    const calls = await callsOf(3, isolation);
    expect(await callsOf(30, isolation)).toEqual(calls);
    expect(calls.length, calls.join(' ')).toBeLessThanOrEqual(12);
  },
);

test('a plan for a mesh in a namespace makes as many host calls for thirty links as for three', async () => {
  const calls = await callsOf(3, 'netns');
  expect(await callsOf(30, 'netns')).toEqual(calls);
  expect(calls.length, calls.join(' ')).toBeLessThanOrEqual(24);
});
