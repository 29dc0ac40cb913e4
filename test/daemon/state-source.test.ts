import { beforeEach, expect, test } from 'vitest';
import { createLastGood, LAST_GOOD_FILE } from '../../src/daemon/last-good.ts';
import { createStateSource, type StateSource } from '../../src/daemon/state-source.ts';
import type { DaemonEvent } from '../../src/daemon/types.ts';
import { createFakeClock, flush, type FakeClock } from '../fakes/fake-clock.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { writeFile } from '../fakes/fake-files.ts';
import { STATE_FILE } from '../fakes/read-state.ts';
import { createFakeWatch, type FakeWatch } from './fake-watch.ts';
import { key, stateOf as state } from './state-texts.ts';

const second = `  wg333: {address: 10.70.89.2/31, listenPort: 51826, peer: {publicKey: ${key('C')}}}\n`;
const bad = 'version: 1\nfoo: bar\n';

let host: FakeHost;
let clock: FakeClock;
let files: FakeWatch;
let events: DaemonEvent[];
let costs: (number | undefined)[];

const write = (text: string): void => writeFile(host.state, STATE_FILE, text);

function make(): StateSource {
  files = createFakeWatch();
  return createStateSource({
    ...{ path: STATE_FILE, host, clock, watch: files.watch },
    lastGood: createLastGood(host.files),
    probe: () => Promise.resolve(host.env),
    emit: (event) => events.push(event),
    othersPolicy: () => Promise.resolve(''),
    onModel: (model) => {
      costs.push(model?.tunnels[0]?.ospf?.cost);
      return Promise.resolve();
    },
  });
}

const types = (): string[] => events.map(({ type }) => type);

beforeEach(() => {
  host = createFakeHost();
  clock = createFakeClock();
  events = [];
  costs = [];
});

test('a good file is in force at once, and a renamed file after ten milliseconds', async () => {
  write(state(1));
  const source = make();
  await source.start();
  expect(costs).toEqual([1]);
  write(state(2));
  files.touch(STATE_FILE);
  await clock.advance(10);
  expect(costs).toEqual([1, 2]);
  expect(events).toMatchObject([
    { type: 'state-loaded', source: 'file' },
    { type: 'state-loaded', source: 'file' },
  ]);
});

test('a clock that is set back by hours delays nothing', async () => {
  write(state(1));
  await make().start();
  write(state(2));
  files.touch(STATE_FILE);
  await clock.advance(10);
  clock.set(-5 * 3_600_000);
  write(state(3));
  files.touch(STATE_FILE);
  await clock.advance(10);
  expect(costs).toEqual([1, 2, 3]);
});

test('a file written in pieces is read after the last piece', async () => {
  write(state(1));
  const source = make();
  await source.start();
  write(state(2)); // valid, and without the tunnel of later files
  for (let i = 0; i < 5; i++) {
    files.touch(STATE_FILE, 'written');
    await clock.advance(100);
  }
  expect(costs).toEqual([1]);
  write(state(2, second));
  files.touch(STATE_FILE, 'written');
  await clock.advance(150);
  expect(source.model()?.tunnels.map(({ name }) => name)).toEqual(['wg222', 'wg333']);
  expect(costs).toEqual([1, 2]);
});

test.each([
  ['no newline at its end', state(2).trimEnd()],
  ['an error', state(2).slice(0, -60)],
  ['nothing in it', ''],
])('a file with %s is given time to become complete', async (_what, half) => {
  write(state(1));
  await make().start();
  write(half);
  files.touch(STATE_FILE, 'written');
  await clock.advance(400);
  write(state(3));
  files.touch(STATE_FILE, 'written');
  await clock.advance(5_000);
  expect(costs).toEqual([1, 3]);
  expect(types()).not.toContain('state-bad');
});

test('a bad file leaves the last good model in force and is reported once, and so is its correction', async () => {
  write(state(1));
  const source = make();
  await source.start();
  const before = source.model();
  for (const text of [bad, `${bad}# the same errors\n`]) {
    write(text);
    files.touch(STATE_FILE, 'written');
    await clock.advance(2_000);
  }
  expect(source.model()).toBe(before);
  expect(types()).toEqual(['state-loaded', 'state-bad']);
  expect(events[1]).toMatchObject({ text: bad });

  write('version: 1\nfoo: bar\nbar: 1\n'); // other errors
  files.touch(STATE_FILE);
  await clock.advance(2_000);
  expect(types().slice(2)).toEqual(['state-bad']);

  write(state(1)); // the original text: nothing to do
  files.touch(STATE_FILE);
  await clock.advance(2_000);
  expect(types().slice(3)).toEqual(['state-mended']);
  expect(costs).toEqual([1]);
});

test('a file that is deleted and made again is no news, and a deleted file is an error', async () => {
  write(state(1));
  await make().start();
  host.state.files.delete(STATE_FILE);
  files.touch(STATE_FILE);
  await clock.advance(300);
  write(state(1));
  files.touch(STATE_FILE, 'written');
  await clock.advance(5_000);
  expect(types()).toEqual(['state-loaded']);
  host.state.files.delete(STATE_FILE);
  files.touch(STATE_FILE);
  await clock.advance(5_000);
  expect(events.at(-1)).toMatchObject({ type: 'state-bad', diagnostics: [{ code: 'file-missing' }] });
});

test('a missing file is no error if no state is in force, and is waited for', async () => {
  const source = make();
  await source.start();
  await source.reload();
  expect(source.model()).toBeUndefined();
  expect(new Set(types())).toEqual(new Set(['state-awaited']));
  events = [];
  write(state(5));
  files.touch(STATE_FILE, 'written');
  await clock.advance(200);
  expect(costs).toEqual([5]);
  expect(types()).toEqual(['state-loaded']);
});

test('a missing file is an error if a state is in force', async () => {
  write(state(1));
  const source = make();
  await source.start();
  await source.applied(true);
  host.state.files.delete(STATE_FILE);
  await source.reload();
  expect(events.at(-1)).toMatchObject({ type: 'state-bad', diagnostics: [{ code: 'file-missing' }] });
  await source.close();

  events = [];
  await make().start();
  expect(types()).toEqual(['state-bad', 'state-loaded']);
});

test('a restart with a bad file continues with the last applied state, and says so', async () => {
  write(state(7));
  const first = make();
  await first.start();
  await first.applied(true);
  await first.close();
  expect(host.state.files.get(LAST_GOOD_FILE)?.stat.mode).toBe(0o600);
  write(bad);
  events = [];

  const source = make();
  await source.start();
  expect(costs).toEqual([7, 7]);
  expect(events).toMatchObject([{ type: 'state-bad' }, { type: 'state-loaded', source: 'last-good' }]);
  await source.applied(true); // the applied text is not the file's
  expect(host.state.files.get(LAST_GOOD_FILE)?.text).toBe(state(7));

  write(state(7)); // corrected: now it is the file's, although nothing in it is new
  files.touch(STATE_FILE);
  await clock.advance(20);
  expect(events.slice(2)).toMatchObject([{ type: 'state-mended' }, { type: 'state-loaded', source: 'file' }]);
});

test('the last good text is written only when it changed', async () => {
  write(state(7));
  const source = make();
  await source.start();
  await source.applied(true);
  const writes = host.writes();
  await source.applied(true);
  expect(host.writes()).toBe(writes);
});

test('a full disk does not stop the daemon', async () => {
  write(state(7));
  const source = make();
  await source.start();
  host.failNext('files.write', 'ENOSPC');
  await source.applied(true);
  await source.applied(true);
  expect(host.state.files.has(LAST_GOOD_FILE)).toBe(true);
});

test('an unreadable last good text is ignored', async () => {
  writeFile(host.state, LAST_GOOD_FILE, 'no: state\n');
  const source = make();
  await source.start();
  expect(source.model()).toBeUndefined();
  expect(types()).toEqual(['state-awaited']);
});

test('a changed key file starts a pass, and an unchanged one does not', async () => {
  write(state(1));
  await make().start();
  const file = '/etc/wgospf/wg222.key';
  expect(files.watched()).toEqual([STATE_FILE, expect.stringMatching(/\.key$/)]);
  const path = files.watched()[1] ?? file;
  writeFile(host.state, path, `${key('D')}\n`, { mode: 0o600 });
  for (let i = 0; i < 2; i++) {
    files.touch(path);
    await clock.advance(50);
  }
  expect(costs).toEqual([1, 1]);
  expect(types()).toEqual(['state-loaded']); // the file itself is the same
});

test('a reload reads the file at once and reports the errors again', async () => {
  write(state(1));
  const source = make();
  await source.start();
  write(bad);
  await source.reload();
  await source.reload();
  expect(types()).toEqual(['state-loaded', 'state-bad', 'state-bad']);
  write(state(2).trimEnd()); // an explicit reload counts, whatever changed
  await source.reload();
  expect(costs).toEqual([1, 2]);
});

test('a closed source reads no more', async () => {
  write(state(1));
  const source = make();
  await source.start();
  write(state(2));
  files.touch(STATE_FILE);
  await source.close();
  await clock.advance(5_000);
  await flush();
  expect(costs).toEqual([1]);
});
