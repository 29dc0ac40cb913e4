import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { takeLock } from '../../src/host/lock.ts';

const lockFile = new URL('../../src/host/lock.ts', import.meta.url).pathname;

/** Another process that takes the lock and then runs `rest`. */
const holder = (rest: string): ReturnType<typeof spawn> =>
  spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { takeLock } from '${lockFile}'; await takeLock(); console.log('held'); ${rest}`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );

test('one holder at a time, also within one process; given back it is free', async () => {
  const release = await takeLock();
  await expect(takeLock()).rejects.toMatchObject({
    code: 'EBUSY',
    detail: expect.stringContaining('another wgospf is at work here') as string,
  });
  release();
  (await takeLock())();
});

test('another process holds it until it is killed', async () => {
  const other = holder('setInterval(() => {}, 1000);');
  if (other.stdout === null) throw new Error('no stdout');
  await once(other.stdout, 'data');
  await expect(takeLock()).rejects.toMatchObject({ code: 'EBUSY' });
  other.kill('SIGKILL');
  await once(other, 'exit');
  (await takeLock())();
});

test('the lock does not keep its process alive', async () => {
  const other = holder('');
  const [status] = (await once(other, 'exit')) as [number];
  expect(status).toBe(0);
});

test('who connects to it is told who holds it, and sent away', async () => {
  const release = await takeLock('run');
  const said = await text(connect('\0wgospf.apply'));
  release();
  expect(said).toBe(`run ${process.pid}\n`);
});

test('where the daemon holds it, the error says what to do', async () => {
  const release = await takeLock('run');
  await expect(takeLock()).rejects.toMatchObject({
    code: 'EBUSY',
    detail: expect.stringMatching(
      new RegExp(`^the wgospf daemon \\(pid ${process.pid}\\) is at work here.*wgospf reload.*systemctl stop wgospf`),
    ) as string,
  });
  release();
});
