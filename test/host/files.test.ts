import { chmod, chown, lstat, mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFiles } from '../../src/host/files.ts';
import { tempDir } from './temp-dir.ts';

const files = createFiles();
const isRoot = process.getuid?.() === 0;

describe('read and stat', () => {
  test('a missing file is undefined', async () => {
    const dir = await tempDir();
    expect(await files.read(`${dir}/no/such`)).toBeUndefined();
    expect(await files.stat(`${dir}/no/such`)).toBeUndefined();
  });

  test('a directory is EISDIR and a file as a folder ENOTDIR, both with the name', async () => {
    const dir = await tempDir();
    await writeFile(`${dir}/f`, '');
    await expect(files.read(dir)).rejects.toMatchObject({ code: 'EISDIR', operation: `read ${dir}` });
    await expect(files.read(`${dir}/f/g`)).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  test('a list is sorted by name, a missing folder is empty, and a file is not a folder', async () => {
    const dir = await tempDir();
    for (const name of ['b.conf', 'a.conf', 'sub/c']) await files.write(join(dir, name), '');
    expect(await files.list(dir)).toEqual(['a.conf', 'b.conf', 'sub']);
    expect(await files.list(join(dir, 'none'))).toEqual([]);
    await expect(files.list(join(dir, 'a.conf'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  test('a link to /dev/null, with which systemd masks a file, is empty', async () => {
    const dir = await tempDir();
    await symlink('/dev/null', `${dir}/masked.conf`);
    expect(await files.read(`${dir}/masked.conf`)).toBe('');
  });

  test('stat returns mode, owner and size', async () => {
    const dir = await tempDir();
    await writeFile(`${dir}/f`, 'abc', { mode: 0o640 });
    const found = await stat(`${dir}/f`);
    expect(await files.stat(`${dir}/f`)).toEqual({
      mode: 0o640,
      uid: found.uid,
      gid: found.gid,
      size: 3,
      mtime: found.mtimeMs,
    });
  });
});

describe('write', () => {
  test('missing folders are made, and the file has mode 0644 with any umask', async () => {
    const dir = await tempDir();
    const umask = process.umask(0o077);
    await files.write(`${dir}/a/b/f`, 'text');
    process.umask(umask);
    expect(await files.read(`${dir}/a/b/f`)).toBe('text');
    expect((await files.stat(`${dir}/a/b/f`))?.mode).toBe(0o644);
  });

  test('a new file gets the requested mode, and an existing one keeps its mode', async () => {
    const dir = await tempDir();
    await files.write(`${dir}/f`, 'one', { mode: 0o600 });
    expect((await files.stat(`${dir}/f`))?.mode).toBe(0o600);
    await files.write(`${dir}/f`, 'two', { mode: 0o644 });
    expect(await files.stat(`${dir}/f`)).toMatchObject({ mode: 0o600, size: 3 });
  });

  test('a file is replaced by a rename, readers of the old file keep it, and nothing else is left', async () => {
    const dir = await tempDir();
    await files.write(`${dir}/f`, 'old');
    const before = await stat(`${dir}/f`);
    await files.write(`${dir}/f`, 'new');
    expect((await stat(`${dir}/f`)).ino).not.toBe(before.ino);
    expect(await readdir(dir)).toEqual(['f']);
  });

  test('a symbolic link stays, and its target is replaced, also through a chain and if it dangles', async () => {
    const dir = await tempDir();
    await mkdir(`${dir}/real`);
    await writeFile(`${dir}/real/f`, 'old');
    await symlink('real/f', `${dir}/l1`);
    await symlink(`${dir}/l1`, `${dir}/l2`);
    await symlink('real/new', `${dir}/l3`);
    await files.write(`${dir}/l2`, 'new');
    await files.write(`${dir}/l3`, 'made');
    expect((await lstat(`${dir}/l2`)).isSymbolicLink()).toBe(true);
    expect(await readlink(`${dir}/l1`)).toBe('real/f');
    expect(await readFile(`${dir}/real/f`, 'utf8')).toBe('new');
    expect(await readFile(`${dir}/real/new`, 'utf8')).toBe('made');
  });

  test('a circle of links is ELOOP', async () => {
    const dir = await tempDir();
    await symlink('b', `${dir}/a`);
    await symlink('a', `${dir}/b`);
    await expect(files.write(`${dir}/a`, 'x')).rejects.toMatchObject({ code: 'ELOOP', operation: `write ${dir}/a` });
  });

  test('a directory in the way is EISDIR and leaves no temporary file', async () => {
    const dir = await tempDir();
    await mkdir(`${dir}/d`);
    await expect(files.write(`${dir}/d`, 'x')).rejects.toMatchObject({ code: 'EISDIR' });
    expect(await readdir(dir)).toEqual(['d']);
  });

  test('an unknown owner is reported before anything is written', async () => {
    const dir = await tempDir();
    const write = files.write(`${dir}/f`, 'x', { owner: 'root:no-such-group' });
    await expect(write).rejects.toMatchObject({ code: 'EINVAL', detail: 'this host has no group "no-such-group"' });
    await expect(files.write(`${dir}/f`, 'x', { owner: 'root' })).rejects.toThrow('not of the form user:group');
    expect(await readdir(dir)).toEqual([]);
  });

  test.runIf(isRoot)('a new file gets the requested owner, and an existing one keeps its owner', async () => {
    const dir = await tempDir();
    await files.write(`${dir}/f`, 'x', { owner: 'daemon:sys', mode: 0o640 });
    expect(await files.stat(`${dir}/f`)).toMatchObject({ uid: 1, gid: 3, mode: 0o640 });
    await chown(`${dir}/f`, 2, 4);
    await chmod(`${dir}/f`, 0o604);
    await files.write(`${dir}/f`, 'y');
    expect(await files.stat(`${dir}/f`)).toMatchObject({ uid: 2, gid: 4, mode: 0o604 });
    await files.write(`${dir}/f`, 'z', { owner: 'root:daemon' });
    expect(await files.stat(`${dir}/f`)).toMatchObject({ uid: 0, gid: 1, mode: 0o604 });
    await files.write(`${dir}/f`, 'z', { owner: 'root:daemon', mode: 0o640 });
    expect(await files.stat(`${dir}/f`)).toMatchObject({ uid: 0, gid: 1, mode: 0o640 });
  });

  test('two writers at once leave one complete text', async () => {
    const dir = await tempDir();
    const texts = Array.from({ length: 20 }, (_, i) => String(i).repeat(50_000));
    await Promise.all(texts.map((t) => files.write(`${dir}/f`, t)));
    expect(texts).toContain(await files.read(`${dir}/f`));
    expect(await readdir(dir)).toEqual(['f']);
  });
});

describe('remove', () => {
  test('removing a missing file is no error, and removing a folder is one', async () => {
    const dir = await tempDir();
    await files.write(`${dir}/f`, 'x');
    await files.remove(`${dir}/f`);
    await files.remove(`${dir}/f`);
    expect(await readdir(dir)).toEqual([]);
    await expect(files.remove(dir)).rejects.toMatchObject({ code: 'EISDIR' });
  });
});
