// The model's values from the host: the same object as long as the host says the same.
import { expect, test } from 'vitest';
import { completeModel, type HostLook } from '../../src/model/complete.ts';
import { readState } from '../fakes/read-state.ts';

const model = readState(
  `
version: 1
router: {node: 111}
mesh: {table: {name: nycmesh, id: 2}, prefixes: [10.70.0.0/16, 'fd70:89::/32']}
bird: {include: /etc/wgospf/bird.d/*.conf}
tunnels:
${[1, 2]
  .map((i) => {
    const key = Buffer.alloc(32, i).toString('base64');
    const address = `[10.70.89.${2 * i}/31, 'fd70:89::${2 * i}/127']`;
    return `  wg${i}: {address: ${address}, listenPort: 5182${i}, peer: {publicKey: ${key}}}`;
  })
  .join('\n')}
`,
  { ipv6: true, kernelWireguard: true },
);

const look = (over: Partial<HostLook> = {}): HostLook => ({
  ownKey: (file) => Promise.resolve({ publicKey: Buffer.alloc(32, file).toString('base64') }),
  acceptsRa: () => Promise.resolve(['eth0']),
  snippets: () => Promise.resolve([{ file: '/etc/wgospf/bird.d/a.conf', digest: '0123456789abcdef' }]),
  ...over,
});

test('a host that says the same completes a model to the same object, and that one to itself', async () => {
  const complete = await completeModel(model, look());
  expect(complete.tunnels.map(({ linkLocal }) => linkLocal?.length)).toEqual([64, 64]);
  expect(complete.env.acceptsRa).toEqual(['eth0']);
  expect(await completeModel(model, look())).toBe(complete);
  expect(await completeModel(complete, look())).toBe(complete);
});

test.each<[string, Partial<HostLook>]>([
  ['a key that cannot be read', { ownKey: () => Promise.resolve({ publicKey: undefined, fault: 'no key' }) }],
  ['another uplink with router advertisements', { acceptsRa: () => Promise.resolve(['eth1']) }],
  ['a changed snippet', { snippets: () => Promise.resolve([{ file: '/etc/wgospf/bird.d/a.conf', digest: 'other' }]) }],
])('%s: the model is another one, with what changed in it', async (_, over) => {
  const before = await completeModel(model, look());
  const after = await completeModel(model, look(over));
  expect(after).not.toBe(before);
  expect(after).toStrictEqual(await completeModel(structuredClone(model), look(over)));
});

test('a change of one key leaves the object of the other tunnel', async () => {
  const before = await completeModel(model, look());
  const other: HostLook['ownKey'] = (file, tunnel) => look().ownKey(tunnel === 'wg1' ? 'another' : file, tunnel, '');
  const after = await completeModel(model, look({ ownKey: other }));
  expect(after.tunnels.map((tunnel, i) => tunnel === before.tunnels[i])).toEqual([false, true]);
});
