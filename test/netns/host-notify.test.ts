// What systemd hears, by a descriptor and by systemd-notify(1): a socket tells what came.
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

test('every message arrives complete and in order', async () => {
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

test('without systemd, or with a watchdog for another process, nothing is sent', () => {
  expect(createSystemd({}, 42)).toMatchObject({ listens: false, watchdogMs: undefined });
  const others = createSystemd({ NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '30000000', WATCHDOG_PID: '41' }, 42);
  expect(others.watchdogMs).toBeUndefined();
});

test('a missing socket is a HostError', async () => {
  const systemd = createSystemd({ NOTIFY_SOCKET: '/nowhere/notify' }, 42);
  await expect(systemd.say('STOPPING=1')).rejects.toMatchObject({ name: 'HostError', code: 'EXIT_1' });
});

test('with-notify-socket opens a descriptor, and each message is one write to it', async () => {
  const { socket, heard } = await listen();
  const opener = fileURLToPath(new URL('../../systemd/with-notify-socket', import.meta.url));
  const module = fileURLToPath(new URL('../../src/host/notify-socket.ts', import.meta.url));
  const script = `
    const { createSystemd } = await import('${module}');
    const systemd = createSystemd(process.env, 42);
    await systemd.ready('all well');
    await systemd.status('not so well');
    await systemd.say('RELOADING=1', 'MONOTONIC_USEC=123');`;
  const { PATH } = process.env;
  const args = [opener, process.execPath, '--input-type=module', '-e', script];
  const child = spawn('perl', args, { env: { PATH, NOTIFY_SOCKET: socket }, stdio: 'inherit' });
  expect(await once(child, 'exit')).toEqual([0, null]);
  await eventually(() =>
    expect(heard()).toEqual([
      'READY=1 | STATUS=all well | MAINPID=42',
      'STATUS=not so well',
      'RELOADING=1 | MONOTONIC_USEC=123',
    ]),
  );
});

test('with-notify-socket runs its program also without a listener', async () => {
  const opener = fileURLToPath(new URL('../../systemd/with-notify-socket', import.meta.url));
  const script = 'process.exit(process.env.WGOSPF_NOTIFY_FD === undefined ? 7 : 8)';
  for (const env of [{}, { NOTIFY_SOCKET: '/nowhere/notify' }]) {
    const child = spawn('perl', [opener, process.execPath, '-e', script], { env, stdio: 'ignore' });
    expect(await once(child, 'exit')).toEqual([7, null]);
  }
});

test('a closed descriptor is a HostError', async () => {
  const systemd = createSystemd({ NOTIFY_SOCKET: '/run/x', WGOSPF_NOTIFY_FD: '9999' }, 42);
  await expect(systemd.status('x')).rejects.toMatchObject({ name: 'HostError', code: 'EBADF' });
});
