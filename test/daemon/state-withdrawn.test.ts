// A state that opened a path: withdrawn, and when it is applied again.
import { beforeEach, expect, test } from 'vitest';
import { createLastGood, LAST_GOOD_FILE } from '../../src/daemon/last-good.ts';
import { createStateSource, type StateSource } from '../../src/daemon/state-source.ts';
import type { DaemonEvent } from '../../src/daemon/types.ts';
import { createFakeClock, type FakeClock } from '../fakes/fake-clock.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { writeFile } from '../fakes/fake-files.ts';
import { STATE_FILE } from '../fakes/read-state.ts';
import { createFakeWatch, type FakeWatch } from './fake-watch.ts';
import { stateOf } from './state-texts.ts';

let host: FakeHost;
let clock: FakeClock;
let files: FakeWatch;
let policy: string;
let events: DaemonEvent[];
let costs: (number | undefined)[];

const write = (text: string): void => writeFile(host.state, STATE_FILE, text);
const costOf = (source: Pick<StateSource, 'model'>): number | undefined => source.model()?.tunnels[0]?.ospf?.cost;
const costBefore = (source: StateSource): number | undefined => costOf({ model: () => source.earlier()?.model });

async function started(): Promise<StateSource> {
  files = createFakeWatch();
  const source = createStateSource({
    ...{ path: STATE_FILE, host, clock, watch: files.watch, lastGood: createLastGood(host.files) },
    probe: () => Promise.resolve(host.env),
    emit: (event) => events.push(event),
    othersPolicy: () => Promise.resolve(policy),
    onModel: (model) => Promise.resolve(void costs.push(model?.tunnels[0]?.ospf?.cost)),
  });
  await source.start();
  return source;
}

beforeEach(() => {
  host = createFakeHost();
  clock = createFakeClock();
  policy = 'from all lookup main';
  [events, costs] = [[], []];
});

async function withdraw(source: StateSource): Promise<void> {
  const model = source.model();
  if (model !== undefined) await source.withdraw(model);
}

/** Started with cost 1, applied; then cost 2 was loaded, opened a path, and was withdrawn. */
async function withdrawn(): Promise<StateSource> {
  write(stateOf(1));
  const source = await started();
  await source.applied(true);
  write(stateOf(2));
  files.touch(STATE_FILE);
  await clock.advance(10);
  expect(costBefore(source)).toBe(1);
  await withdraw(source);
  return source;
}

test('a withdrawn state is replaced by the earlier one, and is not read again', async () => {
  const source = await withdrawn();
  expect(costOf(source)).toBe(1);
  expect(source.earlier()).toBeUndefined();
  source.look();
  await clock.advance(20);
  expect(await source.reconsider()).toBe(true);
  expect(costs).toEqual([1, 2, 1]);
  expect(events.at(-1)).toMatchObject({ type: 'state-withdrawn', back: source.model()?.generation });
  expect(host.state.files.get(LAST_GOOD_FILE)?.text).toBe(stateOf(1));
});

test('a withdrawn state is tried again when foreign rules changed', async () => {
  const source = await withdrawn();
  policy = '';
  expect(await source.reconsider()).toBe(false);
  expect(costs).toEqual([1, 2, 1, 2]);
  expect(costBefore(source)).toBe(1);
});

test('a withdrawn state is tried again on request, and forgotten when the file changes', async () => {
  const source = await withdrawn();
  await source.reload();
  expect(costs).toEqual([1, 2, 1, 2]);
  await withdraw(source);
  write(stateOf(1)); // back to the state in force: a pass reports that all is well
  files.touch(STATE_FILE);
  await clock.advance(10);
  expect(costs).toEqual([1, 2, 1, 2, 1, 1]);
  expect(await source.reconsider()).toBe(false);
});

test('a first state that is withdrawn leaves no state in force', async () => {
  write(stateOf(1));
  const source = await started();
  expect(source.earlier()).toEqual({ model: undefined });
  await withdraw(source);
  expect(source.model()).toBeUndefined();
  expect(costs).toEqual([1, undefined]);
  expect(await source.reconsider()).toBe(true);
});

test('a restart with another file than the last applied one knows the state in force', async () => {
  write(stateOf(1));
  const first = await started();
  await first.applied(true);
  await first.close();
  write(stateOf(2));
  const source = await started();
  expect(costBefore(source)).toBe(1);
  await source.close();
  write(stateOf(1));
  expect((await started()).earlier()).toBeUndefined();
});
