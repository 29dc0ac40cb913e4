// The control socket: its answers, who may connect, and bad requests.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createDaemonClient, isNotRunning } from '../../src/daemon/client.ts';
import { type ControlOptions, serveControl } from '../../src/daemon/control.ts';
import type { DaemonEvent, Emit } from '../../src/daemon/types.ts';
import { systemClock } from '../../src/host/clock.ts';
import { HostError } from '../../src/host/error.ts';
import { ask } from '../../src/host/http-client.ts';
import { plan } from '../cli/samples.ts';
import { events, operation, report, SECRET } from '../log/events.ts';
import { daemonState, status } from './daemon-samples.ts';

interface Bench {
  readonly folder: string;
  readonly calls: string[];
  readonly listeners: Set<Emit>;
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'control-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

async function serve(over: Partial<ControlOptions> = {}): Promise<Bench> {
  const bench: Bench = { folder: folder(), calls: [], listeners: new Set() };
  const note = (call: string): void => void bench.calls.push(call);
  const control = await serveControl({
    state: () => daemonState(),
    status: () => Promise.resolve(status),
    metrics: () => Promise.resolve('wgospf_in_sync 1\n'),
    plan: () => Promise.resolve(plan({ operations: [operation()] })),
    reload: () => {
      note('reload');
      return Promise.resolve();
    },
    hold: (ms) => note(`hold ${ms ?? 'until resumed'}`),
    resume: () => note('resume'),
    subscribe: (listener) => {
      bench.listeners.add(listener);
      return () => bench.listeners.delete(listener);
    },
    clock: systemClock,
    quiet: () => Promise.resolve(),
    folder: bench.folder,
    group: 'root',
    ...over,
  });
  onTestFinished(() => control.close());
  return bench;
}

interface Exchange {
  readonly status: number;
  readonly text: string;
}

/** A request like that of a foreign program. */
const raw = (socketPath: string, method: string, path: string, body = ''): Promise<Exchange> =>
  new Promise((resolve, reject) => {
    const asked = request({ socketPath, method, path, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (more: string) => (text += more));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    asked.on('error', reject);
    asked.end(body);
  });

const mode = (path: string): number => statSync(path).mode & 0o777;

test('the daemon has two sockets: one for root, one for the group', async () => {
  const { folder: at } = await serve();
  expect([mode(`${at}/control.sock`), mode(`${at}/status.sock`)]).toEqual([0o600, 0o660]);
  const { folder: other } = await serve({ group: 'no-such-group' });
  expect(() => statSync(`${other}/status.sock`)).toThrow('ENOENT');
});

test('the client gets a status and a plan, and its requests are done', async () => {
  const { folder: at, calls } = await serve();
  const client = createDaemonClient(true, at);
  expect(await client.status()).toMatchObject({
    tunnels: [{ name: 'wg222', state: 'up' }],
    inSync: true,
    daemon: { pid: 812, holdUntil: undefined, lastPass: { ms: 8.4, report: { inSync: true } } },
  });
  expect(await client.plan()).toMatchObject({ inSync: false, operations: [{ command: operation().command }] });
  expect(await client.status()).toEqual({ ...status, daemon: daemonState() });
  await client.reload();
  await client.hold(600_000);
  await client.hold(undefined);
  expect((await client.resume()).daemon.pid).toBe(812);
  expect(calls).toEqual(['reload', 'hold 600000', 'hold until resumed', 'resume']);
});

test('readers can read and cannot change anything', async () => {
  const { folder: at, calls } = await serve();
  const client = createDaemonClient(false, at);
  expect((await client.status()).daemon?.pid).toBe(812);
  expect((await client.plan()).operations).toHaveLength(1);
  await expect(client.hold(1000)).rejects.toMatchObject({ code: 'EACCES' });
  await expect(client.reload()).rejects.toMatchObject({ code: 'EACCES' });
  expect(calls).toEqual([]);
});

test('events are sent as they happen, until either side ends', async () => {
  const { folder: at, listeners } = await serve();
  const stop = new AbortController();
  const stream = createDaemonClient(false, at).events(stop.signal);
  const first = stream.next();
  // the shared reading hears of all events too
  await expect.poll(() => listeners.size).toBe(2);
  for (const event of events) for (const listener of listeners) listener(event);
  const got = [(await first).value];
  while (got.length < events.length) got.push((await stream.next()).value);
  expect(got.map((event) => (event as DaemonEvent).type)).toEqual(events.map((event) => event.type));
  expect(JSON.stringify(got)).not.toContain(SECRET);
  stop.abort();
  expect((await stream.next()).done).toBe(true);
  await expect.poll(() => listeners.size).toBe(1);
});

test('no answer contains a payload or a key', async () => {
  const failed = { operation: operation(), outcome: { status: 'failed', code: 'E', message: SECRET, ms: 1 } } as const;
  const lastPass = { at: 0, ms: 1, report: report({ results: [failed], remaining: [operation()] }) };
  const { folder: at } = await serve({ state: () => daemonState({ lastPass, badState: [`key ${SECRET}`] }) });
  for (const path of ['/status', '/plan']) {
    const { text } = await raw(`${at}/control.sock`, 'GET', path);
    expect(text).toContain('ip route add');
    expect(text).not.toContain(SECRET);
  }
});

test.each([
  ['GET', '/nothing', '', 404],
  ['GET', '/__proto__', '', 404],
  ['DELETE', '/plan', '', 405],
  ['GET', '/hold', '', 405],
  ['POST', '/status', '', 405],
  ['POST', '/hold', '{"ms":', 400],
  ['POST', '/hold', '[1]', 400],
  ['POST', '/hold', '{"ms":-1}', 400],
  ['POST', '/hold', '{"ms":1e12}', 400],
  ['POST', '/hold', '{"for":"10m"}', 400],
  ['POST', '/hold', `{"ms":${'1'.repeat(5000)}}`, 413],
])('%s %s %.12s gets status %d', async (method, path, body, expected) => {
  const { folder: at, calls } = await serve();
  const { status: got, text } = await raw(`${at}/control.sock`, method, path, body);
  expect(got).toBe(expected);
  expect(JSON.parse(text)).toMatchObject({ error: { message: expect.any(String) as string } });
  expect(calls).toEqual([]);
});

test('a host that cannot be read is reported with its code', async () => {
  const error = new HostError({ operation: 'dump rules', code: 'EINTR', detail: 'interrupted' });
  const { folder: at } = await serve({ plan: () => Promise.reject(error) });
  await expect(createDaemonClient(true, at).plan()).rejects.toMatchObject({ code: 'HTTP_500', detail: error.message });
});

test('the socket of a dead daemon is replaced, and a live daemon refuses a second one', async () => {
  const at = folder();
  writeFileSync(`${at}/control.sock`, '');
  await serve({ folder: at });
  await expect(serve({ folder: at })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  expect((await createDaemonClient(true, at).status()).daemon?.pid).toBe(812);
});

test('a missing daemon is reported', async () => {
  const at = folder();
  const status = createDaemonClient(true, at).status();
  expect(await status.catch((error: unknown) => isNotRunning(error))).toBe(true);
});

test('a daemon that accepts the connection and never answers does not block a command', async () => {
  const at = folder();
  const mute = createServer(() => undefined);
  await new Promise<void>((resolve) => mute.listen(`${at}/control.sock`, resolve));
  onTestFinished(() => void mute.close());
  const asked = ask({ socket: `${at}/control.sock`, method: 'GET', path: '/status', deadline: 50 });
  await expect(asked).rejects.toMatchObject({ code: 'ETIMEDOUT' });
});

test('sixty readers at once cost one read', async () => {
  let readings = 0;
  const { folder: at } = await serve({
    clock: { ...systemClock, ticks: () => 0 }, // however long sixty connections take here
    plan: () => {
      readings++;
      return Promise.resolve(plan({ operations: [operation()] }));
    },
  });
  const answers = await Promise.all(Array.from({ length: 60 }, () => raw(`${at}/status.sock`, 'GET', '/plan')));
  expect(new Set(answers.map(({ status: code }) => code))).toEqual(new Set([200]));
  expect(readings).toBe(1);
});
