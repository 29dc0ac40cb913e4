import { beforeEach, expect, test } from 'vitest';
import { createBirdGuard, type BirdGuard } from '../../src/daemon/bird-guard.ts';
import { createBirdWatch, type BirdWatch } from '../../src/daemon/bird-watch.ts';
import type { DaemonEvent } from '../../src/daemon/types.ts';
import { batched } from '../../src/host/batch.ts';
import { HostError } from '../../src/host/error.ts';
import type { Bird, BirdReply, Host } from '../../src/host/types.ts';
import { renderBirdConf } from '../../src/resources/bird/render.ts';
import { createFakeClock, type FakeClock } from '../fakes/fake-clock.ts';
import { writeFile } from '../fakes/fake-files.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { readState } from '../fakes/read-state.ts';
import { createFakeWatch, type FakeWatch } from './fake-watch.ts';

const CONF = '/etc/bird/bird.conf';
const SOCKET = '/run/bird/bird.ctl';
const model = readState(
  'version: 1\nrouter: {node: 111}\nmesh:\n  table: {name: m, id: 2}\n  prefixes: [10.70.0.0/16]\ntunnels: {}\n',
  { ipv6: true, kernelWireguard: true },
);
const wanted = renderBirdConf(model);

let host: FakeHost;
let clock: FakeClock;
let files: FakeWatch;
let guard: BirdGuard;
let watch: BirdWatch;
let events: DaemonEvent[];
let asked: number;
/** BIRD accepts and never answers */
let hangs: boolean;
let version: string;
let configured: number;
let commands: string[];

const timeout = (text: string): Promise<BirdReply> =>
  Promise.reject(new HostError({ operation: `birdc ${text}`, code: 'ETIMEDOUT', detail: 'no reply' }));

function status(): BirdReply {
  const lines = [
    { code: 1000, text: `BIRD ${version}` },
    { code: 1011, text: `Current server time is ${clock.now()}` },
    { code: 1011, text: `Last reconfiguration on ${configured}` },
    { code: 13, text: 'Daemon is up and running' },
  ];
  return { code: 13, lines };
}

const talk = (text: string, answer: () => Promise<BirdReply>): Promise<BirdReply> => {
  commands.push(text);
  if (hangs) return timeout(text);
  return text === 'show status' && host.state.bird.running ? Promise.resolve(status()) : answer();
};

const bird: Host['bird'] = batched({
  start: () => Promise.resolve(),
  stop: () => Promise.resolve(),
  version: () => Promise.resolve(undefined),
  check: () => Promise.resolve(undefined),
  checkText: () => Promise.resolve(undefined),
  group: () => Promise.resolve('bird'),
  command: (socket: string, text: string) => talk(text, () => host.bird.command(socket, text)),
  ask: (socket: string, text: string) => talk(text, () => host.bird.ask(socket, text)),
} satisfies Bird);

beforeEach(async () => {
  host = createFakeHost();
  writeFile(host.state, CONF, wanted, { mode: 0o640, owner: 'root:bird' });
  await host.bird.command(SOCKET, 'configure');
  clock = createFakeClock();
  files = createFakeWatch();
  [events, commands, asked, hangs, version, configured] = [[], [], 0, false, '2.0.12', 1];
  const whole: Host = { ...host, bird };
  guard = createBirdGuard(whole);
  watch = createBirdWatch({
    ...{ host: whole, guard, clock, watch: files.watch },
    emit: (event) => events.push(event),
    trigger: () => (asked += 1),
  });
  watch.setModel(model);
  await clock.advance(10_000);
});

test('a BIRD that is as it should be is no news', () => {
  expect({ asked, events }).toEqual({ asked: 0, events: [] });
  expect(commands.length).toBeGreaterThan(1);
  expect(new Set(commands)).toEqual(new Set(['show status']));
});

test('down and up again is told of each time, with a pass', async () => {
  host.state.bird.running = false;
  await clock.advance(10_000);
  expect(events).toEqual([{ type: 'bird', state: 'down', version: undefined }]);
  expect(asked).toBe(1);
  host.state.bird.running = true;
  version = '3.1.7';
  await clock.advance(10_000);
  expect(events.slice(1)).toEqual([{ type: 'bird', state: 'up', version: '3.1.7' }]);
  expect(asked).toBe(2);
});

test('a control socket that goes or comes is no matter for the next poll', async () => {
  host.state.bird.running = false;
  files.touch(SOCKET);
  await clock.advance(100);
  expect(events).toMatchObject([{ type: 'bird', state: 'down' }]);
  host.state.bird.running = true;
  files.touch(SOCKET);
  await clock.advance(100);
  expect(events).toMatchObject([{ state: 'down' }, { state: 'up' }]);
  expect(asked).toBe(2);
});

test('an upgrade that no poll saw it down for is told of', async () => {
  [version, configured] = ['3.1.7', 2];
  await clock.advance(10_000);
  expect(events).toEqual([{ type: 'bird', state: 'up', version: '3.1.7' }]);
  expect(asked).toBe(0); // it has read our file
});

test('another configuration in the running BIRD asks for a pass, once', async () => {
  host.state.bird.generation = 'another';
  configured = 2;
  await clock.advance(10_000);
  expect(asked).toBe(1);
});

test('a BIRD that hangs is not asked by passes, until it answers', async () => {
  hangs = true;
  await clock.advance(10_000);
  expect(events).toEqual([{ type: 'bird', state: 'silent', version: undefined }]);
  const before = commands.length;
  await expect(guard.host.bird.ask(SOCKET, 'eval x')).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  expect(commands.length).toBe(before);
  hangs = false;
  await clock.advance(10_000);
  expect(events.slice(1)).toEqual([{ type: 'bird', state: 'up', version: '2.0.12' }]);
  expect(asked).toBe(2);
  expect((await guard.host.bird.ask(SOCKET, 'eval wgospf_generation')).code).toBe(23);
});

test('a pass that finds it hanging gives it up for the next ones, and the watch takes it back', async () => {
  hangs = true;
  await expect(guard.host.bird.ask(SOCKET, 'eval x')).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  hangs = false;
  expect(guard.isSilent(SOCKET)).toBe(true);
  await clock.advance(10_000);
  expect(guard.isSilent(SOCKET)).toBe(false);
  expect(asked).toBe(1); // for what that pass left undone
});

test('a file changed by hand asks for a pass; our own writing does not', async () => {
  files.touch(CONF);
  await clock.advance(200);
  expect(asked).toBe(0);
  writeFile(host.state, CONF, `${wanted}# by hand\n`);
  for (let i = 0; i < 5; i++) files.touch(CONF, 'written');
  await clock.advance(200);
  expect(asked).toBe(1);
  writeFile(host.state, CONF, wanted);
  files.touch(CONF);
  await clock.advance(200);
  writeFile(host.state, CONF, `${wanted}# by hand\n`); // the same again
  files.touch(CONF);
  await clock.advance(200);
  expect(asked).toBe(2);
});

test('a deleted file, or one with another mode, asks for a pass as well', async () => {
  host.state.files.delete(CONF);
  files.touch(CONF);
  await clock.advance(200);
  expect(asked).toBe(1);
});

test('a file that a refusal put back is no reason to try again at once', async () => {
  const old = `${wanted}# old\n`;
  writeFile(host.state, CONF, old);
  files.touch(CONF);
  await clock.advance(200);
  for (let i = 0; i < 10; i++) {
    files.touch(CONF); // written and put back
    await clock.advance(200);
  }
  expect(asked).toBe(1);
});

test('closed, it asks no more', async () => {
  await watch.close();
  const before = commands.length;
  await clock.advance(60_000);
  expect(commands.length).toBe(before);
});
