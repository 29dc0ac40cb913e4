// Node loads compiled code only from a folder to which nobody else can have written.
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { cacheFolder, isOwn } from '../../src/host/compile-cache.ts';

/** A program's folder with a cache in it, of mode 0700. */
function program(): { readonly folder: string; readonly cache: string } {
  const folder = mkdtempSync(join(tmpdir(), 'wgospf-cache-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const cache = cacheFolder(folder);
  mkdirSync(cache, { mode: 0o700 });
  return { folder, cache };
}

test("the package's cache is in /var/cache, and that of a checkout is beside the program", () => {
  expect(cacheFolder('/usr/lib/wgospf')).toBe('/var/cache/wgospf');
  expect(cacheFolder('/home/x/dist')).toBe('/home/x/dist/.cache');
});

test("a folder that only the program's owner can enter is accepted", () => {
  const { folder, cache } = program();
  expect(isOwn(cache, folder)).toBe(true);
});

test.each([0o701, 0o710, 0o720, 0o702, 0o777, 0o1777])('a folder of mode %o is refused', (mode) => {
  const { folder, cache } = program();
  chmodSync(cache, mode);
  expect(isOwn(cache, folder)).toBe(false);
});

test('a missing folder and a link to a good one are refused', () => {
  const { folder, cache } = program();
  expect(isOwn(join(folder, 'none'), folder)).toBe(false);
  symlinkSync(cache, join(folder, 'link'));
  expect(isOwn(join(folder, 'link'), folder)).toBe(false);
});

test.runIf(process.geteuid?.() === 0)('a folder of another user is refused', () => {
  const { folder, cache } = program();
  chownSync(cache, 65534, 65534);
  expect(isOwn(cache, folder)).toBe(false);
});
