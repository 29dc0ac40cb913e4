// wgospf accepts the example state file, without a warning.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { formatDiagnostics } from '../../src/config/diagnostic.ts';
import { readModel } from '../../src/config/read-model.ts';

test('the example has no problem', () => {
  const text = readFileSync(new URL('../../packaging/deb/files/state.yaml', import.meta.url), 'utf8');
  const { model, diagnostics } = readModel(text, '/etc/wgospf/state.yaml', { ipv6: true, kernelWireguard: true });
  expect(formatDiagnostics(diagnostics, text)).toBe('');
  expect(model?.tunnels.map(({ name }) => name)).toEqual(['wg222']);
});
