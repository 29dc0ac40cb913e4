// `wgospf bird render` and `wgospf bird diff`.
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { renderBirdConf } from '../../src/resources/bird/render.ts';
import { unifiedDiff } from '../../src/cli/format/unified-diff.ts';
import { run } from '../../src/cli/run.ts';
import { startBird } from '../fakes/fake-bird.ts';
import { writeFile } from '../fakes/fake-files.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { instance, node111 } from '../bird/models.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { fakeContext, type FakeContext } from './fake-context.ts';

const CONF = '/etc/bird/bird.conf';
const model = node111();
const text = renderBirdConf(model);

const context = (host: FakeHost = createFakeHost(), wanted: RouterModel = model, root = true): FakeContext =>
  fakeContext({
    root,
    host: () => host,
    load: () => Promise.resolve({ model: wanted, diagnostics: [], text: '' }),
  });

/** A host where BIRD runs that file. */
function running(file: string): FakeHost {
  const host = createFakeHost();
  writeFile(host.state, CONF, file);
  startBird(host.state);
  return host;
}

describe('render', () => {
  test('prints the file for any user', async () => {
    const ctx = context(undefined, undefined, false);
    expect(await run(['bird', 'render'], ctx)).toBe(0);
    expect(`${ctx.stdout()}\n`).toBe(text);
  });

  test.each(['1.6', '2', '3'])('prints the file for BIRD %s', async (version) => {
    const ctx = context();
    expect(await run(['bird', 'render', '--for', version], ctx)).toBe(0);
    expect(`${ctx.stdout()}\n`).toBe(renderBirdConf(model, version === '1.6' ? '1.6' : '2'));
  });

  test('refuses OSPFv3 for 1.6, and an unknown version', async () => {
    const ctx = context(undefined, node111({ bird: { instances: [instance({ ipv6: true })] } }));
    expect(await run(['bird', 'render', '--for', '1.6'], ctx)).toBe(1);
    expect(ctx.stderr()).toContain('BIRD 1.6 does not support this: the state file has OSPFv3');
    expect(await run(['bird', 'render', '--for', '4'], context())).toBe(64);
  });
});

describe('diff', () => {
  test('prints nothing if the file is the same and BIRD runs it', async () => {
    const ctx = context(running(text));
    expect(await run(['bird', 'diff'], ctx)).toBe(0);
    expect(ctx.stdout()).toBe('');
  });

  test('prints the lines that differ with their context, and compares BIRD with the rendered file', async () => {
    const host = running(text);
    writeFile(host.state, CONF, text.replace('cost 15;', 'cost 1500;'));
    const ctx = context(host);
    expect(await run(['bird', 'diff'], ctx)).toBe(1);
    expect(ctx.stdout()).toMatch(
      /^--- \/etc\/bird\/bird\.conf\n\+\+\+ bird.conf for the state file\n@@ -\d+,7 \+\d+,7 @@\n/,
    );
    expect(
      ctx
        .stdout()
        .split('\n')
        .filter((line) => /^[-+]\t/.test(line)),
    ).toEqual(['-\t\t\tcost 1500;', '+\t\t\tcost 15;']);
  });

  test('exits with 1 if BIRD runs another file or is down', async () => {
    const host = running('protocol device {\n}\n');
    writeFile(host.state, CONF, text);
    const ctx = context(host);
    expect(await run(['bird', 'diff'], ctx)).toBe(1);
    expect(ctx.stdout()).toMatch(/^BIRD on .* runs a configuration that wgospf did not write, not generation \w{16}$/);
    host.state.bird.running = false;
    expect(await run(['bird', 'diff'], ctx)).toBe(1);
    expect(ctx.stdout()).toContain('does not report its configuration');
  });

  test('needs root, and refuses --for', async () => {
    expect(await run(['bird', 'diff'], context(undefined, undefined, false))).toBe(4);
    expect(await run(['bird', 'diff', '--for', '2'], context())).toBe(64);
    expect(await run(['bird', 'nonsense'], context())).toBe(64);
  });
});

/** Applies a diff with patch(1). */
function patch(lines: readonly string[], diff: string): string[] {
  const made: string[] = [];
  let at = 0;
  for (const line of diff.split('\n').slice(2)) {
    const start = /^@@ -(\d+),/.exec(line)?.[1];
    if (start !== undefined) {
      made.push(...lines.slice(at, Number(start) - 1));
      at = Number(start) - 1;
      continue;
    }
    if (!line.startsWith('+')) expect(lines[at++]).toBe(line.slice(1));
    if (!line.startsWith('-')) made.push(line.slice(1));
  }
  return [...made, ...lines.slice(at)];
}

describe('unifiedDiff', () => {
  test('a missing file gives only added lines', () => {
    expect(unifiedDiff('', 'a\nb\n', ['x', 'y'])).toBe('--- x\n+++ y\n@@ -1,0 +1,2 @@\n+a\n+b');
  });

  test('the output applied as a patch turns one text into the other', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 40 });
    const join = (list: readonly string[]): string => list.map((line) => `${line}\n`).join('');
    fc.assert(
      fc.property(lines, lines, (a, b) => {
        expect(patch(a, unifiedDiff(join(a), join(b), ['x', 'y']))).toEqual(b);
      }),
    );
  });

  test('texts without a common line give removed and added lines', () => {
    const many = (word: string): string => Array.from({ length: 3000 }, (_, i) => `${word}${i}\n`).join('');
    expect(unifiedDiff(many('a'), many('b'), ['x', 'y']).split('\n')).toHaveLength(6003);
  });
});
