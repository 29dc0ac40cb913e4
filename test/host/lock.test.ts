import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type LockFiles, takeLock } from '../../src/host/lock.ts';
import { tempDir } from './temp-dir.ts';

const lockModule = new URL('../../src/host/lock.ts', import.meta.url).pathname;

const lockFiles = async (): Promise<LockFiles> => ({
  file: join(await tempDir(), 'run/wgospf/lock'),
  namespace: undefined,
});

/** Another process that takes the lock and then runs `rest`. */
const holder = (files: LockFiles, rest: string): ReturnType<typeof spawn> =>
  spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { takeLock } from '${lockModule}'; await takeLock('apply', ${JSON.stringify(files)}); console.log('held'); ${rest}`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );

test('the lock has one holder at a time, also within a process, and a released lock removes its file and folder', async () => {
  const files = await lockFiles();
  const release = await takeLock('apply', files);
  await expect(takeLock('apply', files)).rejects.toMatchObject({
    code: 'EBUSY',
    detail: expect.stringContaining('another wgospf is at work here') as string,
  });
  release();
  expect(await readdir(join(files.file, '../..'))).toEqual([]);
  (await takeLock('apply', files))();
});

test('a lock that another process holds is refused with its pid until that process is killed', async () => {
  const files = await lockFiles();
  const other = holder(files, 'setInterval(() => {}, 1000);');
  if (other.stdout === null) throw new Error('no stdout');
  await once(other.stdout, 'data');
  await expect(takeLock('apply', files)).rejects.toMatchObject({
    code: 'EBUSY',
    detail: expect.stringContaining(`its pid is ${other.pid ?? ''}`) as string,
  });
  other.kill('SIGKILL');
  await once(other, 'exit');
  (await takeLock('apply', files))();
});

test('the lock does not keep its process alive', async () => {
  const other = holder(await lockFiles(), '');
  const [status] = (await once(other, 'exit')) as [number];
  expect(status).toBe(0);
});

test('the error of a lock that the daemon holds has the cure', async () => {
  const files = await lockFiles();
  const release = await takeLock('run', files);
  await expect(takeLock('apply', files)).rejects.toMatchObject({
    code: 'EBUSY',
    detail: expect.stringMatching(
      new RegExp(`^the wgospf daemon \\(pid ${process.pid}\\) is at work here.*wgospf reload.*systemctl stop wgospf`),
    ) as string,
  });
  release();
});

test('a text that a dead holder left is not taken for the pid of a living one', async () => {
  const files = await lockFiles();
  const release = await takeLock('apply', files);
  await writeFile(files.file, 'run 1\n');
  await expect(takeLock('apply', files)).rejects.toMatchObject({
    detail: expect.stringMatching(/^another wgospf is at work here; wait for it/) as string,
  });
  release();
});

test('a lock file that others could open is closed to them', async () => {
  const files = await lockFiles();
  await mkdir(dirname(files.file), { recursive: true });
  await writeFile(files.file, '');
  await chmod(files.file, 0o666);
  const release = await takeLock('apply', files);
  expect((await stat(files.file)).mode & 0o777).toBe(0o600);
  release();
});

test('a lock whose file was removed is still held through its namespace', async () => {
  const { file } = await lockFiles();
  const namespace = join(await tempDir(), 'setting');
  await writeFile(namespace, '');
  const release = await takeLock('apply', { file, namespace });
  await rm(file);
  await expect(takeLock('apply', { file, namespace })).rejects.toMatchObject({ code: 'EBUSY' });
  release();
  (await takeLock('apply', { file, namespace }))();
});
