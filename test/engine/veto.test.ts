// A condition that vetoes: nothing is done while it stands, and the router does not count as in sync.
import { expect, test } from 'vitest';
import { reconcile } from '../../src/engine/reconcile.ts';
import { resources } from '../../src/resources/index.ts';
import { createFakeHost } from '../fakes/fake-host.ts';
import { readState } from '../fakes/read-state.ts';

const text = `version: 1
router: {node: 111}
mesh: {table: {name: nycmesh, id: 2}, prefixes: [10.69.0.0/16]}
interfaces:
  eth1: {address: 10.69.1.11/24}
tunnels: {}
`;

test('the way in of an operator inside mesh.prefixes is not cut off: nothing is written until it is settled', async () => {
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

test('an address that was ours, on an interface that the file no longer names, vetoes nothing: it goes', async () => {
  const host = createFakeHost();
  for (const name of ['eth1', 'eth2'])
    host.run(`ip link add ${name} type veth peer name ${name}far\nip link set ${name} up`);
  const both = readState(text.replace('tunnels:', '  eth2: {address: 10.69.5.1/24}\ntunnels:'), host.env);
  expect((await reconcile(host, resources, both, { adopt: true })).inSync).toBe(true);
  expect((await reconcile(host, resources, readState(text, host.env), { adopt: true })).inSync).toBe(true);
  expect(host.snapshot()).not.toContain('10.69.5.1');
});
