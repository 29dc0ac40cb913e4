// The state file if the host's facts cannot be read, or BIRD's version is unknown.
import { beforeEach, expect, test } from 'vitest';
import { createLastGood } from '../../src/daemon/last-good.ts';
import { createStateSource, type StateSource } from '../../src/daemon/state-source.ts';
import type { DaemonEvent } from '../../src/daemon/types.ts';
import { HostError } from '../../src/host/error.ts';
import { createFakeClock, flush, type FakeClock } from '../fakes/fake-clock.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { writeFile } from '../fakes/fake-files.ts';
import { STATE_FILE } from '../fakes/read-state.ts';
import { createFakeWatch, type FakeWatch } from './fake-watch.ts';
import { stateOf as state } from './state-texts.ts';

let host: FakeHost;
let clock: FakeClock;
let files: FakeWatch;
let events: DaemonEvent[];
let costs: (number | undefined)[];
let probe: () => Promise<FakeHost['env']>;

const write = (text: string): void => writeFile(host.state, STATE_FILE, text);
const types = (): string[] => events.map(({ type }) => type);

function make(): StateSource {
  files = createFakeWatch();
  return createStateSource({
    ...{ path: STATE_FILE, host, clock, watch: files.watch },
    lastGood: createLastGood(host.files),
    probe: () => probe(),
    emit: (event) => events.push(event),
    othersPolicy: () => Promise.resolve(''),
    onModel: (model) => {
      costs.push(model?.tunnels[0]?.ospf?.cost);
      return Promise.resolve();
    },
  });
}

beforeEach(() => {
  host = createFakeHost();
  clock = createFakeClock();
  events = [];
  costs = [];
  probe = () => Promise.resolve(host.env);
});

const hangs = (): Promise<never> =>
  Promise.reject(new HostError({ operation: 'list links', code: 'ETIMEDOUT', detail: 'no answer' }));

test('a host that cannot be asked at the start is asked again until it answers', async () => {
  write(state(1));
  probe = hangs;
  const source = make();
  const started = source.start();
  await clock.advance(12_000);
  expect(types()).toEqual(['trouble', 'trouble', 'trouble']);
  expect(events[0]).toMatchObject({ doing: 'read the state file', code: 'ETIMEDOUT' });
  probe = () => Promise.resolve(host.env);
  await clock.advance(5_000);
  await started;
  expect(costs).toEqual([1]);
});

test('a file that changes while the host cannot be asked is read again later, and no promise is left rejected', async () => {
  write(state(1));
  const source = make();
  await source.start();
  probe = hangs;
  await expect(source.reload()).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  write(state(2));
  files.touch(STATE_FILE);
  await clock.advance(4_000);
  expect(types()).toEqual(['state-loaded', 'trouble']);
  probe = () => Promise.resolve(host.env);
  await clock.advance(6_000);
  expect(costs).toEqual([1, 2]);
  expect(source.model()).toBeDefined();
});

test('a BIRD without a known version is asked again by each pass, and then the file is read again', async () => {
  write(state(1));
  probe = () => Promise.resolve({ ...host.env, bird: undefined });
  const source = make();
  await source.start();
  await source.reconsider();
  await flush();
  expect([costs, source.model()?.bird.version]).toEqual([[1], 2]);
  probe = () => Promise.resolve({ ...host.env, bird: '1.6.8' });
  await source.reconsider();
  await flush();
  expect([costs, source.model()?.bird.version]).toEqual([[1, 1], '1.6']);
  await source.reconsider();
  await flush();
  expect(costs).toEqual([1, 1]);
});
