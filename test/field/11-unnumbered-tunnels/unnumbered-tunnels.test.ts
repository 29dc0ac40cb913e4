// WireGuard/wireguard-vyatta-ubnt#53, dn42.wiki/howto/wireguard: the same own /32 on every tunnel. The state file cannot describe this
// yet; it is refused before anything is done, and the cure works.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readModel } from '../../../src/config/read-model.ts';

const state = await readFile(join(import.meta.dirname, 'state.yaml'), 'utf8');
const read = (text: string): ReturnType<typeof readModel> =>
  readModel(text, '/etc/wgospf/state.yaml', { ipv6: true, kernelWireguard: true });

test('the same address on two tunnels is refused, and different addresses are accepted', () => {
  const { model, diagnostics } = read(state);
  expect(model).toBeUndefined();
  expect(diagnostics).toMatchObject([
    { code: 'address-twice', line: 11, hint: 'address: one that no other interface of this router has' },
  ]);
  const [first = '', second = ''] = state.split('  wg2:');
  const cured = read(`${first}  wg2:${second.replace('172.20.1.97/32', '172.20.1.100/32')}`);
  expect(cured.diagnostics).toEqual([]);
  expect(cured.model?.tunnels).toHaveLength(2);
});
