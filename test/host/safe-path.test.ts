// What root opens in folders of other users. The folder of user 1 represents /etc/bird, which belongs to BIRD.
import { execFileSync } from 'node:child_process';
import { chown, link, lstat, mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { createFiles } from '../../src/host/files.ts';
import { createKeys } from '../../src/host/keys.ts';
import { makeFile } from '../../src/host/replace-file.ts';
import { at, withEntry } from '../../src/host/safe-path.ts';
import { newPrivateKey } from '../../src/host/wg/key.ts';
import { tempDir } from './temp-dir.ts';

const files = createFiles();
const keys = createKeys();
const THEIRS = 1;
const UNSAFE = { code: 'UNSAFE_FILE' };

let root: string;
let folder: string;
/** belongs to root, and nobody else may read it */
let secret: string;
const fileIn = (name = 'bird.conf'): string => `${folder}/${name}`;

beforeEach(async () => {
  root = await tempDir();
  folder = `${root}/bird`;
  secret = `${root}/secret`;
  await mkdir(folder);
  await chown(folder, THEIRS, THEIRS);
  await writeFile(secret, 'hidden', { mode: 0o600 });
});

const plants: Readonly<Record<string, () => Promise<void>>> = {
  'a link to a file of root': () => symlink(secret, fileIn()),
  'a link to a file that is missing': () => symlink(`${root}/made`, fileIn()),
  'a link to a link': async () => {
    await symlink(secret, fileIn('other'));
    await symlink('other', fileIn());
  },
  'another name of a file of root': () => link(secret, fileIn()),
  'a named pipe': () => Promise.resolve(void execFileSync('mkfifo', [fileIn()])),
  'a device': () => Promise.resolve(void execFileSync('mknod', [fileIn(), 'c', '1', '8'])),
  'a file of a third user': async () => {
    await writeFile(fileIn(), 'text');
    await chown(fileIn(), 2, 2);
  },
};

describe.runIf(process.getuid?.() === 0)('in a folder of another user', () => {
  test.each(Object.keys(plants))('%s is neither read nor written', async (name) => {
    await plants[name]?.();
    await expect(files.read(fileIn())).rejects.toMatchObject(UNSAFE);
    await expect(files.write(fileIn(), 'ours', { owner: 'root:root', mode: 0o640 })).rejects.toMatchObject(UNSAFE);
    expect(await readFile(secret, 'utf8')).toBe('hidden');
    expect((await readdir(root)).sort()).toEqual(['bird', 'secret']);
  });

  test.each(Object.keys(plants))('%s can be written after the cure of its message', async (name) => {
    await plants[name]?.();
    const error = await files.write(fileIn(), 'ours').catch((e: unknown) => e);
    const [, cure = 'false'] = /run: (mv .*)\)?$/.exec((error as { detail: string }).detail) ?? [];
    execFileSync('sh', ['-c', cure]);
    await files.write(fileIn(), 'ours');
    expect(await files.read(fileIn())).toBe('ours');
    expect(await readFile(secret, 'utf8')).toBe('hidden');
  });

  test('plain files of its owner and of root are read and replaced, without a set-user-id bit', async () => {
    await writeFile(fileIn(), 'theirs', { mode: 0o644 });
    await chown(fileIn(), THEIRS, THEIRS);
    execFileSync('chmod', ['4755', fileIn()]);
    expect(await files.read(fileIn())).toBe('theirs');
    await files.write(fileIn(), 'ours', { owner: 'root:daemon' });
    expect(await files.read(fileIn())).toBe('ours');
    expect(await files.stat(fileIn())).toMatchObject({ mode: 0o755, uid: 0, gid: 1 });
  });

  test('a link in place of a folder of the path is not followed', async () => {
    await symlink(root, fileIn('sub'));
    await expect(files.read(fileIn('sub/secret'))).rejects.toMatchObject(UNSAFE);
    await expect(files.write(fileIn('sub/made'), 'x')).rejects.toMatchObject(UNSAFE);
    await expect(files.list(fileIn('sub'))).rejects.toMatchObject(UNSAFE);
    await expect(files.remove(fileIn('sub/secret'))).rejects.toMatchObject(UNSAFE);
    expect((await readdir(root)).sort()).toEqual(['bird', 'secret']);
  });

  test('a folder that is replaced by a link between check and use is used as it was', async () => {
    await mkdir(`${root}/elsewhere`);
    await mkdir(fileIn('sub'));
    await withEntry(fileIn('sub/f'), {}, async (entry) => {
      await rename(fileIn('sub'), fileIn('moved'));
      await symlink(`${root}/elsewhere`, fileIn('sub'));
      await makeFile(at(entry.folder, 'f'), { text: 'x', mode: 0o600, owner: undefined });
    });
    expect(await readdir(`${root}/elsewhere`)).toEqual([]);
    expect(await readdir(fileIn('moved'))).toEqual(['f']);
  });

  test('a link is removed itself, and not its target', async () => {
    await symlink(secret, fileIn());
    await files.remove(fileIn());
    expect(await readdir(folder)).toEqual([]);
    expect(await readFile(secret, 'utf8')).toBe('hidden');
  });

  test('a key is neither read nor made there, whatever the file is', async () => {
    await writeFile(fileIn('k'), newPrivateKey(), { mode: 0o600 });
    await expect(keys.publicKeyOf(fileIn('k'))).rejects.toMatchObject(UNSAFE);
    await expect(keys.generate(fileIn('new'))).rejects.toMatchObject(UNSAFE);
    await expect(files.read(fileIn('k'), { secret: true })).rejects.toMatchObject(UNSAFE);
    expect(await readdir(folder)).toEqual(['k']);
  });
});

describe('temporary files', () => {
  test('a file that a killed writer left is removed by the next write, under its old name too', async () => {
    for (const name of ['.f.wgospf-0123456789ab', '.f.0123456789ab', '.g.0123456789ab', '.f.0123456789ab.x'])
      await writeFile(`${root}/${name}`, '');
    await files.write(`${root}/f`, 'x');
    expect((await readdir(root)).sort()).toEqual(['.f.0123456789ab.x', '.g.0123456789ab', 'bird', 'f', 'secret']);
  });

  test('a sweep removes only files that are certainly ours, and follows no link', async () => {
    await writeFile(`${root}/.any.wgospf-0123456789ab`, '');
    await symlink(secret, `${root}/.link.wgospf-0123456789ab`);
    await writeFile(`${root}/.any.0123456789ab`, '');
    await files.sweep([root, `${root}/none`, secret]);
    expect((await readdir(root)).sort()).toEqual(['.any.0123456789ab', 'bird', 'secret']);
    expect((await lstat(secret)).size).toBe(6);
  });
});
