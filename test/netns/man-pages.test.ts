// groff and mandoc read the man pages without a complaint, and the script that builds them gives the same bytes twice.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const script = new URL('../../packaging/man/build.ts', import.meta.url).pathname;
const pages = ['wgospf-state.5', 'wgospf.8'];
let folder: string;

const build = (into: string): void =>
  void execFileSync(process.execPath, [script, into], { env: { ...process.env, SOURCE_DATE_EPOCH: '1767225600' } });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'man-'));
  build(join(folder, 'one'));
});

afterAll(() => rmSync(folder, { recursive: true }));

test('two builds are equal', () => {
  build(join(folder, 'two'));
  expect(readdirSync(join(folder, 'one')).sort()).toEqual(pages);
  for (const page of pages) {
    expect(readFileSync(join(folder, 'two', page))).toEqual(readFileSync(join(folder, 'one', page)));
    expect(readFileSync(join(folder, 'one', page), 'utf8')).toContain(' 2026-01-01 ');
  }
});

/** Everything that a program says, and its status. */
function outputOf(command: string, ...args: string[]): { status: number | null; words: string } {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  return { status, words: stdout + stderr };
}

test.each(pages)('mandoc accepts %s', (page) => {
  expect(outputOf('mandoc', '-Tlint', '-Wstyle', join(folder, 'one', page))).toEqual({ status: 0, words: '' });
});

// with all warnings, as lintian has them read
test.each(pages)('groff accepts %s', (page) => {
  expect(outputOf('groff', '-man', '-ww', '-z', '-Tutf8', '-rLL=80n', join(folder, 'one', page))).toEqual({
    status: 0,
    words: '',
  });
});
