// systemd-notify(1) and a socket that hears what it says.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { createSystemd } from '../../src/host/notify-socket.ts';
import { eventually } from './lab/eventually.ts';

const program = fileURLToPath(new URL('lab/notify-socket.pl', import.meta.url));

/** The lines that a NOTIFY_SOCKET has received. */
async function listen(): Promise<{ socket: string; heard: () => string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'notify-'));
  const socket = join(folder, 'notify');
  const child = spawn('perl', [program, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => (text += more));
  onTestFinished(async () => {
    child.kill();
    await once(child, 'exit');
    await rm(folder, { recursive: true });
  });
  await eventually(() => expect(text).toContain('listening\n'));
  return { socket, heard: () => text.trim().split('\n').slice(1) };
}

test('every message arrives, whole and in order', async () => {
  const { socket, heard } = await listen();
  // the package systemd-notify takes the socket from our own environment
  process.env['NOTIFY_SOCKET'] = socket;
  onTestFinished(() => {
    delete process.env['NOTIFY_SOCKET'];
  });
  const systemd = createSystemd({ NOTIFY_SOCKET: socket, WATCHDOG_USEC: '30000000', WATCHDOG_PID: '42' }, 42);
  expect(systemd).toMatchObject({ listens: true, watchdogMs: 30_000 });
  await systemd.ready('3/3 tunnels up, in sync');
  await systemd.status('0/3 tunnels up');
  await systemd.say('RELOADING=1', 'MONOTONIC_USEC=123');
  await systemd.say('WATCHDOG=1');
  await eventually(() =>
    expect(heard()).toEqual([
      'READY=1 | STATUS=3/3 tunnels up, in sync | MAINPID=42',
      'STATUS=0/3 tunnels up | MAINPID=42',
      'RELOADING=1 | MONOTONIC_USEC=123',
      'WATCHDOG=1',
    ]),
  );
});

test('without systemd, or with a watchdog on another process', () => {
  expect(createSystemd({}, 42)).toMatchObject({ listens: false, watchdogMs: undefined });
  const others = createSystemd({ NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '30000000', WATCHDOG_PID: '41' }, 42);
  expect(others.watchdogMs).toBeUndefined();
});

test('a socket that is gone is a HostError', async () => {
  const systemd = createSystemd({ NOTIFY_SOCKET: '/nowhere/notify' }, 42);
  await expect(systemd.say('STOPPING=1')).rejects.toMatchObject({ name: 'HostError', code: 'EXIT_1' });
});
