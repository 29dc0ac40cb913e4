// Real files, real inotify: every way to change a file gives a hint.
import { appendFile, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { linkChain } from '../../src/host/link-chain.ts';
import { watchFiles, type FileHint, type FileWatch } from '../../src/host/watch.ts';
import { eventually } from '../netns/lab/eventually.ts';
import { tempDir } from './temp-dir.ts';

let folder: string;
let file: string;
let watch: FileWatch;
let hints: FileHint[];

/** Waits for a hint of this sort; earlier ones are forgotten. */
async function expectHint(hint: FileHint, change: () => Promise<unknown>): Promise<void> {
  hints = [];
  await change();
  await eventually(() => {
    expect(hints).toContain(hint);
  });
  await new Promise((resolve) => setTimeout(resolve, 50)); // the links are followed again
}

beforeEach(async () => {
  folder = await tempDir();
  file = join(folder, 'etc/state.yaml');
  hints = [];
  watch = watchFiles((path, hint) => {
    expect(path).toBe(file);
    hints.push(hint);
  });
});
afterEach(() => watch.close());

test('a file is reported when it is made with its missing folder, written, replaced and deleted', async () => {
  watch.set([file]);
  await expectHint('replaced', async () => {
    await mkdir(join(folder, 'etc'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await writeFile(file, '1');
  });
  await expectHint('written', () => appendFile(file, '2'));
  await expectHint('replaced', async () => {
    await writeFile(join(folder, 'etc/.new'), '3');
    await rename(join(folder, 'etc/.new'), file);
  });
  await expectHint('replaced', () => rm(file));
});

test('a replaced folder, and a replaced folder above it, is followed, and its files are watched', async () => {
  await mkdir(join(folder, 'etc'));
  await writeFile(file, '0');
  watch.set([file]);
  await new Promise((resolve) => setTimeout(resolve, 200)); // the watches are set
  for (const text of ['1', '2']) {
    await mkdir(join(folder, 'new'));
    await writeFile(join(folder, 'new/state.yaml'), text);
    await expectHint('replaced', async () => {
      await rename(join(folder, 'etc'), join(folder, `old${text}`));
      await rename(join(folder, 'new'), join(folder, 'etc'));
    });
    await eventually(async () => {
      hints = [];
      await appendFile(file, 'x');
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(hints).toContain('written');
    });
  }
});

test('behind links, a swapped link, a replaced folder of its path and a write to the target are reported', async () => {
  for (const name of ['etc', 'v1', 'v2']) await mkdir(join(folder, name));
  for (const name of ['v1', 'v2']) await writeFile(join(folder, name, 'state.yaml'), name);
  await symlink('../v1', join(folder, 'etc/data'));
  await symlink('data/state.yaml', file);
  watch.set([file]);
  await new Promise((resolve) => setTimeout(resolve, 200)); // the watches are set
  await expectHint('written', () => appendFile(join(folder, 'v1/state.yaml'), 'x'));
  await expectHint('replaced', async () => {
    await symlink('../v2', join(folder, 'etc/data.new'));
    await rename(join(folder, 'etc/data.new'), join(folder, 'etc/data'));
  });
  await expectHint('written', () => appendFile(join(folder, 'v2/state.yaml'), 'x'));
});

test('the chain of a path has the path, each link and the target, and a loop ends', async () => {
  await mkdir(join(folder, 'etc'));
  await symlink('../v1', join(folder, 'etc/data'));
  await symlink('data/state.yaml', file);
  expect(await linkChain(file)).toEqual([
    file,
    join(folder, 'etc/data/state.yaml'),
    join(folder, 'etc/data'),
    join(folder, 'v1/state.yaml'),
  ]);
  await symlink('b', join(folder, 'a'));
  await symlink('a', join(folder, 'b'));
  expect(await linkChain(join(folder, 'a'))).toEqual([join(folder, 'a'), join(folder, 'b')]);
});
