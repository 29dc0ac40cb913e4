// Limits of reading YAML: time, depth, aliases, number of problems.
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/config/diagnostic.ts';
import { readModel } from '../../src/config/read-model.ts';

const read = (text: string): Diagnostic[] =>
  readModel(text, 'state.yaml', { ipv6: true, kernelWireguard: true }).diagnostics;
const codes = (text: string): string[] => read(text).map((d) => d.code);

describe('reading YAML', () => {
  it.each([
    ['flow lists', '['.repeat(500_000)],
    ['flow maps', '{a: '.repeat(200_000)],
    ['block lists', '- '.repeat(400_000)],
    ['explicit keys', '? '.repeat(400_000)],
    ['block maps', Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ])('refuses endlessly nested %s as one problem', (_, text) => {
    expect(codes(`a: 1\nb:\n ${text}`)).toEqual(['too-deep']);
  });

  it('counts repeated aliases, not written ones', () => {
    const list = `[${'x, '.repeat(99)}x]`;
    expect(codes(`a: &a ${list}\nb: [${'*a, '.repeat(98)}*a]\n`)).not.toContain('alias-bomb');
    expect(codes(`a: &a ${list}\nb: [${'*a, '.repeat(100)}*a]\n`)).toEqual(['alias-bomb']);
  });

  it('reports at most 200 problems, and says that more follow', () => {
    const list = read(`version: 1\n${Array.from({ length: 5000 }, (_, i) => `key${i}: 1\n`).join('')}`);
    expect(list).toHaveLength(201);
    expect(list.at(-1)).toMatchObject({ code: 'more', severity: 'error' });
  });

  it('finds every repeated key in one pass', () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => `k${i}: 1\n`).join('');
    expect(read(`${keys}${keys}`).filter((d) => d.code === 'duplicate-key')).toHaveLength(0);
    expect(read(`version: 1\nversion: 1\nversion: 1\n`).filter((d) => d.code === 'duplicate-key')).toHaveLength(2);
  });

  it('ignores a byte order mark and Windows line ends', () => {
    expect(read('\ufeffversion: 1\r\nrouter: {node: 0}\r\n')[0]).toMatchObject({ line: 1 });
    expect(read('version: 1\r\nrouter: {node: 0}\r\n').find((d) => d.path === 'router.node')).toMatchObject({
      line: 2,
      col: 16,
    });
  });
});
