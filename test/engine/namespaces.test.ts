// The network namespace is part of an object's identity: the engine runs each kind in every namespace in which it lives.
import { expect, test } from 'vitest';
import { desiredOf, keyOf, observeKind } from '../../src/engine/in-namespaces.ts';
import { publicPlan } from '../../src/engine/public.ts';
import { makePlan, reconcile } from '../../src/engine/reconcile.ts';
import type { AnyResource } from '../../src/engine/types.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { resources } from '../../src/resources/index.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { readState } from '../fakes/read-state.ts';

const STATE = `version: 1
router: {node: 111, instance: 2}
mesh: {isolation: netns, table: {name: nycmesh, id: 2}, prefixes: [10.69.0.0/16, 10.70.0.0/16]}
interfaces: {eth1: {address: 10.69.1.11/24}}
tunnels:
  wg222:
    address: 10.70.89.0/31
    listenPort: 51825
    peer: {publicKey: Yaj1JlHlq/qOIeHikQy31Fr4iGxTUbikXFNvIA3x4Tk=, endpoint: "198.51.100.22:51825"}
`;

const BOOT = `ip link set lo up
ip link add eth0 type veth peer name isp
ip link set eth0 up
ip link add eth1 type veth peer name lan
ip address add 198.51.100.11/24 dev eth0
`;

async function meshInNamespace(): Promise<{ host: FakeHost; model: RouterModel }> {
  const host = createFakeHost();
  host.run(BOOT);
  const model = readState(STATE, host.env);
  expect(await reconcile(host, resources, model, { adopt: false })).toMatchObject({ inSync: true });
  return { host, model };
}

const named = (kind: string): AnyResource => {
  const found = resources.find((resource) => resource.kind === kind);
  if (found === undefined) throw new Error(`no kind ${kind}`);
  return found;
};

const keysOf = async (kind: string, host: FakeHost, model: RouterModel): Promise<string[]> => {
  const { objects } = await observeKind(named(kind), host, model);
  return objects.filter(({ owned }) => owned).map((one) => keyOf(named(kind), one));
};

test('a setting that differs inside is planned under a key that names the namespace, with its command', async () => {
  const { host, model } = await meshInNamespace();
  host.run('ip netns exec nycmesh sysctl -w net.ipv4.ip_forward=0');
  const { operations } = publicPlan(await makePlan(host, resources, model, { adopt: false }));
  expect(operations).toMatchObject([
    {
      kind: 'sysctl',
      key: 'net.ipv4.ip_forward in nycmesh',
      netns: 'nycmesh',
      command: 'ip netns exec nycmesh sysctl -w net.ipv4.ip_forward=1',
    },
  ]);
});

test('an object outside has no namespace in its key, also where one of its name is inside', async () => {
  const { host, model } = await meshInNamespace();
  host.run('ip address add 10.70.89.0/31 dev lo proto 87');
  expect(await keysOf('address', host, model)).toEqual([
    'lo 10.70.89.0/31',
    'eth1 10.69.1.11/24 in nycmesh',
    'wg222 10.70.89.0/31 in nycmesh',
  ]);
});

test('a device that moves with its link has one key, wherever it is', async () => {
  const { host, model } = await meshInNamespace();
  expect(await keysOf('wireguard', host, model)).toEqual(['wg222']);
  expect(desiredOf(named('wireguard'), model)).toMatchObject([{ netns: 'nycmesh' }]);
});

test('a device that is taken over on its way into the namespace has its keys saved where it still is', async () => {
  const host = createFakeHost();
  host.run(`${BOOT}wg genkey > /root/other.key
ip link add wg222 type wireguard
wg set wg222 listen-port 5182 private-key /root/other.key
wg genkey > /etc/wgospf/keys/wg222.key
`);
  const model = readState(STATE, host.env);
  const { operations } = await makePlan(host, resources, model, { adopt: true });
  const saved = operations.find(({ command }) => command.includes('wg showconf'));
  expect(saved?.command).toMatch(/^wg showconf wg222 > /);
  expect(await reconcile(host, resources, model, { adopt: true })).toMatchObject({ inSync: true });
});

/** Notes of the earlier version, which this version's `down` must understand, and the reverse. */
const NOTES = [
  'bird-routes:netns nycmesh 4 main 64',
  'bird-service:nycmesh',
  'bird:/etc/bird/wgospf-netns.conf',
  'in nycmesh set:sysctl:net.ipv4.conf.eth1.promote_secondaries=1',
  'in nycmesh sysctl:net.ipv4.conf.eth1.promote_secondaries',
  'in nycmesh sysctl:net.ipv4.ip_forward',
  'link:eth1',
  'moved:eth1',
  'netns:nycmesh',
];

test('notes of a mesh in a namespace keep the form that the version before has written', async () => {
  const { host, model } = await meshInNamespace();
  const notes = await host.notes.all();
  expect([...notes.keys()]).toEqual(expect.arrayContaining(NOTES));
  expect(notes.get('bird:/etc/bird/wgospf-netns.conf')).toBe(`netns nycmesh ${model.bird.controlSocket}`);
  expect(await reconcile(host, resources, undefined, { adopt: false })).toMatchObject({ inSync: true });
  expect([...(await host.notes.all()).keys()]).toEqual([]);
});
