// Every faulty file in bad/ with the operator's messages; UPDATE_GOLDEN=1 writes them anew.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatDiagnostics } from '../../src/config/diagnostic.ts';
import { readModel } from '../../src/config/read-model.ts';
import { expectGolden } from './golden.ts';

const folder = new URL('bad/', import.meta.url);
const cases = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .sort();

describe('faulty state files', () => {
  it('at least 60 files exist', () => {
    expect(cases.length).toBeGreaterThanOrEqual(60);
  });

  it.each(cases)('%s', (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const golden = new URL(name.replace('.yaml', '.txt'), folder);
    const { model, diagnostics } = readModel(text, 'state.yaml', { ipv6: true, kernelWireguard: true });
    const shown = `${formatDiagnostics(diagnostics, text)}\n`;

    expectGolden(shown, golden);
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(model === undefined).toBe(diagnostics.some((d) => d.severity === 'error'));
    for (const d of diagnostics) {
      expect(d.hint, d.message).not.toBe('');
      expect(d.line).toBeLessThanOrEqual(text.split('\n').length);
    }
  });
});
