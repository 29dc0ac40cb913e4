// The form of a problem on a terminal.
import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from '../../src/config/diagnostic.ts';
import type { Diagnostic } from '../../src/config/diagnostic.ts';

const base: Diagnostic = {
  file: 'state.yaml',
  line: 2,
  col: 3,
  length: 4,
  severity: 'error',
  code: 'some-code',
  message: 'it is wrong',
  hint: 'it right',
  path: 'a',
};
const lines = (d: Partial<Diagnostic>, text: string): string[] => formatDiagnostic({ ...base, ...d }, text).split('\n');

describe('formatDiagnostic', () => {
  it('shows the position, the line, a caret and the cure', () => {
    expect(lines({}, 'x: 1\nab wrong c\n')).toEqual([
      'state.yaml:2:3: error[some-code]: it is wrong',
      '   2 | ab wrong c',
      '     |   ^^^^',
      '  write: it right',
    ]);
  });

  it('keeps tabs before the caret, so that the caret is below its text', () => {
    expect(lines({ col: 3, length: 1 }, 'x\n\t\tb: 1')[2]).toBe('     | \t\t^');
  });

  it('cuts a caret at the end of its line', () => {
    expect(lines({ col: 2, length: 500 }, 'x\nabc\nd')[2]).toBe('     |  ^^');
    expect(lines({ col: 9, length: 1 }, 'x\nabc\nd')[2]).toBe('     |         ^');
  });

  it('shows a command as a command', () => {
    expect(lines({ hint: 'run: chmod 600 key' }, 'x\ny').at(-1)).toBe('  run: chmod 600 key');
  });

  it('shows no line for a problem without a position', () => {
    expect(lines({ line: 1 }, '')).toEqual(['state.yaml:1:3: error[some-code]: it is wrong', '  write: it right']);
  });

  it('shows the part of a long line around the caret', () => {
    const text = `x\n${'a'.repeat(500)}HERE${'b'.repeat(500)}`;
    const [, line = '', caret = ''] = lines({ col: 501 }, text);
    expect(line.length).toBeLessThan(180);
    expect(line.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)).toBe('HERE');
  });

  it('removes characters that control a terminal', () => {
    const shown = formatDiagnostic(
      { ...base, message: 'a\u001b[31mb', hint: 'c\u0007d' },
      'x\nab\u001b]0;title\u0007\u202ec',
    );
    expect(shown).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(shown).toContain('ab?]0;title??c');
  });

  it('hides a possible secret key, and shows a public key', () => {
    const key = 'gN65BkIKy1eCE9pP1wdc8ROUtkHLF2PfAqYdyYBz6EA=';
    const text = `x\nprivateKey: ${key}\npeer: {publicKey: ${key}, presharedKey: ${key}}\nkey: ${key.slice(0, 43)}`;
    const shown = (line: number): string => lines({ line }, text)[1] ?? '';
    expect(shown(2)).not.toContain('gN65');
    expect(shown(3).match(/gN65/g)).toHaveLength(1);
    expect(shown(4)).not.toContain('gN65');
    expect(lines({ line: 1 }, 'f: /srv/wgospf/keys/of/the/router/at/the/roof.key')[1]).toContain('/srv/wgospf/keys');
  });
});
