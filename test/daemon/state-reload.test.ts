// A reload after a cure: the daemon then reports the state of the current file.
import { beforeEach, expect, test } from 'vitest';
import { createLastGood } from '../../src/daemon/last-good.ts';
import { createStateKeeper, type StateKeeper } from '../../src/daemon/state-keeper.ts';
import { createStateSource, type StateSource } from '../../src/daemon/state-source.ts';
import { createFakeClock, type FakeClock } from '../fakes/fake-clock.ts';
import { writeFile } from '../fakes/fake-files.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { STATE_FILE } from '../fakes/read-state.ts';
import { createFakeWatch } from './fake-watch.ts';
import { key, stateOf } from './state-texts.ts';

let host: FakeHost;
let clock: FakeClock;
let keeper: StateKeeper;
let types: string[];
let watched: () => readonly string[];

const write = (text: string): void => writeFile(host.state, STATE_FILE, text);

beforeEach(() => {
  host = createFakeHost();
  clock = createFakeClock();
  types = [];
  keeper = createStateKeeper({ pid: 1, version: '0', clock, retryAt: () => undefined });
});

async function start(): Promise<StateSource> {
  const { watch, watched: paths } = createFakeWatch();
  watched = paths;
  const source = createStateSource({
    ...{ path: STATE_FILE, host, clock, watch, lastGood: createLastGood(host.files) },
    ...{ probe: () => Promise.resolve(host.env), othersPolicy: () => Promise.resolve('') },
    onModel: () => Promise.resolve(),
    emit(event) {
      keeper.listen(event);
      types.push(event.type);
    },
  });
  await source.start();
  return source;
}

test.each([
  ['the same text', stateOf(1)],
  ['another text', stateOf(2)],
])('a cure outside the file, and %s in it, mends the state', async (_what, text) => {
  write(stateOf(1));
  const source = await start();
  const [, path = ''] = watched();
  writeFile(host.state, path, `${key('D')}\n`, { mode: 0o644 });
  await source.reload();
  expect(keeper.state().badState).toHaveLength(1);
  host.state.files.delete(path);
  write(text);
  await source.reload();
  expect(keeper.state()).toMatchObject({ badState: [], source: 'file' });
  expect(types.filter((type) => type !== 'state-loaded')).toEqual(['state-bad', 'state-mended']);
});

test('a good file after a start with a bad file is in force, and no error is left', async () => {
  write(stateOf(7));
  const first = await start();
  await first.applied(true);
  await first.close();
  write('version: 1\nfoo: bar\n');
  const source = await start();
  expect(keeper.state()).toMatchObject({ source: 'last-good' });
  expect(keeper.state().badState).not.toEqual([]);
  write(stateOf(8));
  await source.reload();
  expect(keeper.state()).toMatchObject({ badState: [], source: 'file' });
});

test('a reload of a file that is still bad reports the errors again', async () => {
  write(stateOf(1));
  const source = await start();
  write('version: 1\nfoo: bar\n');
  await source.reload();
  await source.reload();
  expect(types).toEqual(['state-loaded', 'state-bad', 'state-bad']);
});
