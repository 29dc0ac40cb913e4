// Every right file in good/ with all its defaults as golden text (UPDATE_GOLDEN=1 writes it anew), and the laws of reading.
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { formatDiagnostics } from '../../src/config/diagnostic.ts';
import { readModel } from '../../src/config/read-model.ts';
import { expectGolden } from './golden.ts';
import { renderResolved } from '../../src/model/render-resolved.ts';
import type { HostEnv, RouterModel } from '../../src/model/types.ts';

const env: HostEnv = { ipv6: true, kernelWireguard: true };
const FILE = '/etc/wgospf/state.yaml';
const folder = new URL('good/', import.meta.url);
const cases = readdirSync(folder).filter((name) => /^[^.]+\.yaml$/.test(name));
const textOf = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

function modelOf(text: string, host: HostEnv = env): RouterModel {
  const { model, diagnostics } = readModel(text, FILE, host);
  if (model === undefined) throw new Error(formatDiagnostics(diagnostics, text));
  return model;
}

/** The model without the parts in which two texts of the same meaning differ. */
const meaning = (model: RouterModel): unknown =>
  JSON.parse(
    JSON.stringify(model, (key, value: unknown) => (key === 'source' || key === 'generation' ? undefined : value)),
  );

/** The same value with the keys of every map in another order; lists that are sets are reversed too. */
function shuffled(value: unknown, turn: (length: number) => number): unknown {
  if (Array.isArray(value)) {
    const list: unknown[] = value;
    const at = turn(list.length);
    return [...list.slice(at), ...list.slice(0, at)].map((item) => shuffled(item, turn));
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const at = turn(entries.length);
  return Object.fromEntries([...entries.slice(at), ...entries.slice(0, at)].map(([k, v]) => [k, shuffled(v, turn)]));
}

describe('right state files', () => {
  it.each(cases)('%s', (name) => {
    const golden = new URL(name.replace('.yaml', '.resolved.yaml'), folder);
    const shown = renderResolved(modelOf(textOf(name)));

    expectGolden(shown, golden);
  });

  it.each(cases)('%s means the same after show --resolved', (name) => {
    for (const host of [env, { ipv6: false, kernelWireguard: false }]) {
      const model = modelOf(textOf(name), host);
      expect(meaning(modelOf(renderResolved(model), host))).toEqual(meaning(model));
    }
  });

  it.each(cases)('%s means the same in any order of keys', { timeout: 60_000 }, (name) => {
    const text = textOf(name);
    const expected = meaning(modelOf(text));
    const turns = fc.array(fc.nat(20), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(turns, (list) => {
        let i = 0;
        const turn = (length: number): number => (length === 0 ? 0 : (list[i++ % list.length] ?? 0) % length);
        expect(meaning(modelOf(stringify(shuffled(parse(text), turn))))).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });
});

describe('the model', () => {
  const pair = modelOf(textOf('node111.yaml'));

  it('has the position of each object in the file', () => {
    expect(pair.tunnels[0]?.source).toEqual({ file: FILE, line: 13, col: 3, path: 'tunnels.wg222' });
    expect(pair.tunnels[0]?.peer.source).toEqual({ file: FILE, line: 16, col: 5, path: 'tunnels.wg222.peer' });
    expect(pair.interfaces[0]?.source.line).toBe(9);
    expect(pair.mesh.source).toEqual({ file: FILE, line: 5, col: 1, path: 'mesh' });
    // not written in the file: the place where it would be first
    expect(pair.bird.source).toEqual({ file: FILE, line: 1, col: 1, path: 'bird' });
  });

  it('takes the backend from the host if the file leaves it open', () => {
    const backend = (kernelWireguard: boolean): string =>
      modelOf(textOf('node111.yaml'), { ipv6: true, kernelWireguard }).wireguard.backend;
    expect([backend(true), backend(false)]).toEqual(['kernel', 'userspace']);
    expect(modelOf(textOf('hub.yaml'), { ipv6: true, kernelWireguard: false }).wireguard.backend).toBe('kernel');
  });

  it('opens AllowedIPs for both families, whatever the host has', () => {
    const allowed = (ipv6: boolean): number | undefined =>
      modelOf(textOf('node111.yaml'), { ipv6, kernelWireguard: true }).tunnels[0]?.peer.allowedIPs.length;
    expect([allowed(true), allowed(false)]).toEqual([2, 2]);
  });

  it('has a generation that changes with every byte of the file', () => {
    expect(pair.generation).toMatch(/^[0-9a-f]{12}$/);
    expect(modelOf(`${textOf('node111.yaml')}\n`).generation).not.toBe(pair.generation);
  });

  it('finds relative key files beside the state file', () => {
    const key = (file: string): string | undefined =>
      readModel(textOf('node111.yaml'), file, env).model?.tunnels[0]?.privateKeyFile;
    expect(key('/etc/wgospf/state.yaml')).toBe('/etc/wgospf/keys/wg222.key');
    expect(key('/srv/lab/a.yaml')).toBe('/srv/lab/keys/wg222.key');
    expect(key('/a.yaml')).toBe('/keys/wg222.key');
  });
});

const piece = fc.oneof(
  fc.constantFrom(
    '\t',
    '\n',
    '  ',
    ': ',
    '- ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '#',
    '&a ',
    '*a',
    '!x ',
    '0',
    '/',
    '|',
    '---\n',
    '%',
  ),
  fc.string({ maxLength: 4, unit: 'binary' }),
);
const edit = fc.record({ at: fc.nat(2000), cut: fc.nat(12), put: piece });

/** A thorough run: FUZZ_RUNS=20000. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 250);

describe('any text at all', { timeout: 60_000 + RUNS * 50 }, () => {
  const check = (text: string): void => {
    const { model, diagnostics } = readModel(text, FILE, env);
    expect(model === undefined).toBe(diagnostics.some((d) => d.severity === 'error'));
    const lines = text.split('\n').length;
    for (const d of diagnostics) {
      expect(d.hint).not.toBe('');
      expect(d.message).not.toBe('');
      expect(d.line).toBeGreaterThanOrEqual(1);
      expect(d.line).toBeLessThanOrEqual(lines);
      expect(d.col).toBeGreaterThanOrEqual(1);
    }
    if (diagnostics.length > 0) expect(formatDiagnostics(diagnostics, text)).toContain('state.yaml:');
  };

  it('gives a model or problems after characters were changed', () => {
    fc.assert(
      fc.property(fc.constantFrom(...cases), fc.array(edit, { minLength: 1, maxLength: 4 }), (name, edits) => {
        check(
          edits.reduce((text, { at, cut, put }) => {
            const start = at % (text.length + 1);
            return text.slice(0, start) + put + text.slice(start + cut);
          }, textOf(name)),
        );
      }),
      { numRuns: RUNS },
    );
  });

  it('gives a model or problems after lines were removed, doubled, moved or indented', () => {
    const change = fc.record({
      at: fc.nat(60),
      to: fc.nat(60),
      how: fc.constantFrom('cut', 'double', 'move', 'indent'),
    });
    fc.assert(
      fc.property(fc.constantFrom(...cases), fc.array(change, { minLength: 1, maxLength: 4 }), (name, changes) => {
        const lines = textOf(name).split('\n');
        for (const { at, to, how } of changes) {
          const i = at % lines.length;
          const line = lines[i] ?? '';
          if (how === 'indent') lines[i] = `  ${line}`;
          else if (how !== 'double') lines.splice(i, 1);
          if (how === 'double' || how === 'move') lines.splice(to % (lines.length + 1), 0, line);
        }
        check(lines.join('\n'));
      }),
      { numRuns: RUNS },
    );
  });

  it('gives a model or problems with any value at any position', () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('10.69.1.1/16', '10.70.0.0/31', 'main', 'none', 51825, true, '::1'),
    );
    fc.assert(
      fc.property(fc.constantFrom(...cases), fc.array(fc.nat(9), { maxLength: 5 }), value, (name, path, put) => {
        const root = parse(textOf(name)) as unknown;
        let holder = root as Record<string, unknown>;
        for (const step of path) {
          const next = Object.values(holder)[step % Math.max(1, Object.keys(holder).length)];
          if (typeof next !== 'object' || next === null) break;
          holder = next as Record<string, unknown>;
        }
        const key = Object.keys(holder)[path.length % Math.max(1, Object.keys(holder).length)] ?? 'x';
        holder[key] = put;
        check(stringify(root));
      }),
      { numRuns: RUNS },
    );
  });

  it('gives a model or problems without a file', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), check), { numRuns: RUNS });
  });
});
