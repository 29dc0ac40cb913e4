// MicrosoftDocs/azure-docs#47780 (VPNs whose inner addresses are of 169.254/16), aredn/aredn#2052. Such an address is not a mesh address,
// and no cure says that it could become one.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readModel } from '../../../src/config/read-model.ts';
import type { Diagnostic } from '../../../src/config/diagnostic.ts';

const state = await readFile(join(import.meta.dirname, 'state.yaml'), 'utf8');
const read = (text: string): Diagnostic[] =>
  readModel(text, '/etc/wgospf/state.yaml', { ipv6: true, kernelWireguard: true }).diagnostics;

test('the cure for a link-local address on a tunnel names only networks of the mesh', () => {
  expect(read(state)).toMatchObject([{ code: 'outside-mesh', hint: 'address: one of 100.64.0.0/10' }]);
  expect(read(state.replace('169.254.6.1/30', '100.64.6.1/30'))).toEqual([]);
});

test.each(['0.0.0.1/0', '127.0.0.5/30', '224.0.0.9/30', '169.254.6.1/31'])(
  'for an impossible mesh address (%s) mesh.prefixes is not the cure',
  (address) => {
    for (const { hint } of read(state.replace('169.254.6.1/30', address)))
      expect(hint).not.toContain('in mesh.prefixes');
  },
);

test('for a possible mesh address its network in mesh.prefixes is accepted', () => {
  const [{ hint } = { hint: '' }] = read(state.replace('169.254.6.1/30', '172.20.6.1/30'));
  expect(hint).toBe('address: one of 100.64.0.0/10, or 172.20.6.0/30 in mesh.prefixes');
  const cured = state.replace('169.254.6.1/30', '172.20.6.1/30').replace('/10]', '/10, 172.20.6.0/30]');
  expect(read(cured)).toEqual([]);
});
