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
  const watched: Host = { ...host, bird };
  guard = createBirdGuard(watched);
  watch = createBirdWatch({
    ...{ host: watched, guard, clock, watch: files.watch },
    emit: (event) => events.push(event),
    trigger: () => (asked += 1),
  });
  watch.setModel(model);
  await clock.advance(10_000);
});

test('a healthy BIRD gives no event', () => {
  expect({ asked, events }).toEqual({ asked: 0, events: [] });
  expect(commands.length).toBeGreaterThan(1);
  expect(new Set(commands)).toEqual(new Set(['show status']));
});

test('each stop and start of BIRD is reported, with a pass', async () => {
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

test('a control socket that disappears or appears is handled before the next poll', async () => {
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

test('an upgrade between two polls is reported', async () => {
  [version, configured] = ['3.1.7', 2];
  await clock.advance(10_000);
  expect(events).toEqual([{ type: 'bird', state: 'up', version: '3.1.7' }]);
  expect(asked).toBe(0); // it has read our file
});

test('a changed configuration in the running BIRD starts one pass', async () => {
  host.state.bird.generation = 'another';
  configured = 2;
  await clock.advance(10_000);
  expect(asked).toBe(1);
});

test('a hanging BIRD is not asked by passes until it answers', async () => {
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

test('a pass that finds BIRD hanging stops asking it, and the watch starts again when BIRD answers', async () => {
  hangs = true;
  await expect(guard.host.bird.ask(SOCKET, 'eval x')).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  hangs = false;
  expect(guard.isSilent(SOCKET)).toBe(true);
  await clock.advance(10_000);
  expect(guard.isSilent(SOCKET)).toBe(false);
  expect(asked).toBe(1); // for the part that this pass did not finish
});

test('a file changed by hand starts a pass, and our own write does not', async () => {
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

test('a deleted file, or a file with another mode, starts a pass as well', async () => {
  host.state.files.delete(CONF);
  files.touch(CONF);
  await clock.advance(200);
  expect(asked).toBe(1);
});

test('a file that was restored after a refusal does not start another pass at once', async () => {
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

test('a closed watch asks no more', async () => {
  await watch.close();
  const before = commands.length;
  await clock.advance(60_000);
  expect(commands.length).toBe(before);
});
