// Kiritow/lspnet-tools (an import filter of OSPF), aredn/aredn#2579: in BIRD and RouterOS `import` means accepted routes. Whoever
// writes it here wants less of the mesh, and no message may lead them to announce more into it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readModel } from '../../../src/config/read-model.ts';

const ENV = { ipv6: true, kernelWireguard: true };
const state = await readFile(join(import.meta.dirname, 'state.yaml'), 'utf8');

test('`import` is reported as an unknown key, and not changed into its opposite', () => {
  const { model, diagnostics } = readModel(state, '/etc/wgospf/state.yaml', ENV);
  expect(model).toBeUndefined();
  expect(diagnostics).toMatchObject([{ code: 'unknown-key', line: 12 }]);
  const [{ message, hint } = { message: '', hint: '' }] = diagnostics;
  expect(message).toContain('there is no import filter');
  expect(message).not.toContain('did you mean');
  expect(hint).toMatch(/^importLimit: 5000\b/);
  expect(hint).not.toContain('10.69.0.0/16');
});

test('the suggested limit is accepted, and announces nothing', () => {
  const cured = state.replace('import: [10.69.0.0/16]', 'importLimit: 5000');
  const { model, diagnostics } = readModel(cured, '/etc/wgospf/state.yaml', ENV);
  expect(diagnostics).toEqual([]);
  expect(model?.bird.instances.map(({ export: announced }) => announced)).toEqual([{ kind: 'none' }]);
});
