// A condition with a veto: nothing is done while it is present, and the router does not count as in sync.
import { expect, test } from 'vitest';
import { reconcile } from '../../src/engine/reconcile.ts';
import { resources } from '../../src/resources/index.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { readState } from '../fakes/read-state.ts';

const text = `version: 1
router: {node: 111}
mesh: {table: {name: nycmesh, id: 2}, prefixes: [10.69.0.0/16]}
interfaces:
  eth1: {address: 10.69.1.11/24}
tunnels: {}
`;

test("an operator's login inside mesh.prefixes is not cut off, and nothing is written until it is settled", async () => {
  const host = createFakeHost();
  for (const name of ['eth1', 'eth2'])
    host.run(`ip link add ${name} type veth peer name ${name}far\nip link set ${name} up`);
  host.run('ip address add 10.69.5.1/24 dev eth2');
  const before = host.snapshot();
  const model = readState(text, host.env);
  const report = await reconcile(host, resources, model, { adopt: true });
  expect(report.results).toEqual([]);
  expect(report.inSync).toBe(false);
  expect(report.waiting.every(({ missing }) => missing === 'underlay-inside-mesh')).toBe(true);
  expect(report.conditions.map(({ code, veto }) => [code, veto])).toContainEqual(['underlay-inside-mesh', true]);
  expect(host.snapshot()).toBe(before);

  host.run('ip address del 10.69.5.1/24 dev eth2');
  expect((await reconcile(host, resources, model, { adopt: true })).inSync).toBe(true);
});

test('an address of ours on an interface that left the file causes no veto and is removed', async () => {
  const host = createFakeHost();
  for (const name of ['eth1', 'eth2'])
    host.run(`ip link add ${name} type veth peer name ${name}far\nip link set ${name} up`);
  const both = readState(text.replace('tunnels:', '  eth2: {address: 10.69.5.1/24}\ntunnels:'), host.env);
  expect((await reconcile(host, resources, both, { adopt: true })).inSync).toBe(true);
  expect((await reconcile(host, resources, readState(text, host.env), { adopt: true })).inSync).toBe(true);
  expect(host.snapshot()).not.toContain('10.69.5.1');
});

/** A host in the state of `text`, on which a foreign bridge with an address of the mesh appears. */
async function bridged(): Promise<{ host: FakeHost; standing: RouterModel }> {
  const host = createFakeHost();
  host.run('ip link add eth1 type veth peer name eth1far\nip link set eth1 up');
  const standing = readState(text, host.env);
  expect((await reconcile(host, resources, standing, { adopt: true })).inSync).toBe(true);
  host.run('ip link add br9 type veth\nip link set br9 up\nip address add 10.69.200.1/24 dev br9');
  return { host, standing };
}

const GUARDS = ['priority 1098 to 10.69.0.0/16 unreachable', 'priority 1099 iif eth1 unreachable'];

test('the state in force is repaired whatever has come up since, and the condition is reported', async () => {
  const { host, standing } = await bridged();
  const before = host.snapshot();
  for (const guard of GUARDS) host.run(`ip rule del ${guard} protocol 87`);
  host.run('ip address del 10.69.1.11/24 dev eth1');
  const report = await reconcile(host, resources, standing, { adopt: false, standing });
  expect(report).toMatchObject({ inSync: false, remaining: [], waiting: [] });
  expect(report.heldBy).toBeUndefined();
  expect(report.conditions.map(({ code, veto }) => [code, veto])).toContainEqual(['underlay-inside-mesh', undefined]);
  expect(host.snapshot()).toBe(before);
});

test('a new state comes into force if the earlier state already has the same problem', async () => {
  const { host, standing } = await bridged();
  const wanted = readState(text.replace('10.69.1.11/24', '10.69.1.12/24'), host.env);
  const report = await reconcile(host, resources, wanted, { adopt: false, standing });
  expect(report.heldBy).toBeUndefined();
  expect(host.snapshot()).toContain('10.69.1.12/24');
});

test('a new state that would cut something off is held back completely, and the earlier state is repaired', async () => {
  const { host, standing } = await bridged();
  const before = host.snapshot();
  host.run('ip address add 10.71.5.1/24 dev br9');
  const bridge = host.snapshot();
  expect(bridge).not.toBe(before);
  for (const guard of GUARDS) host.run(`ip rule del ${guard} protocol 87`);
  host.run('ip rule add priority 900 to 192.0.2.0/24 unreachable protocol 87');
  const wanted = readState(text.replace('10.69.0.0/16', '10.71.0.0/16').replace('10.69.1.11', '10.71.1.11'), host.env);
  const report = await reconcile(host, resources, wanted, { adopt: false, standing });
  expect(report).toMatchObject({ heldBy: 'underlay-inside-mesh', remaining: [], inSync: false });
  expect(report.waiting.some(({ operation }) => operation.command.includes('10.71.1.11'))).toBe(true);
  expect(host.snapshot()).toBe(bridge);
});

test('a running pass is completed although a veto comes up during it', async () => {
  const host = createFakeHost();
  host.run('ip link add eth1 type veth peer name eth1far\nip link set eth1 up');
  const model = readState(text, host.env);
  let appeared = false;
  const onResult = (): void => {
    if (appeared) return;
    appeared = true;
    host.run(
      'ip link add br9 type veth\nip address add 10.69.200.1/24 dev br9\nip rule add priority 900 unreachable protocol 87',
    );
  };
  const report = await reconcile(host, resources, model, { adopt: false, onResult });
  expect(report.heldBy).toBeUndefined();
  expect(report.remaining).toEqual([]);
  expect(host.snapshot()).not.toContain('priority 900');
});
