import { beforeEach, expect, test } from 'vitest';
import { createLoop, type PassLoop, type PassOptions } from '../../src/daemon/loop.ts';
import type { DaemonEvent, Trigger } from '../../src/daemon/types.ts';
import type { Report } from '../../src/engine/types.ts';
import { HostError } from '../../src/host/error.ts';
import { createFakeClock, flush, type FakeClock } from '../fakes/fake-clock.ts';
import { report } from './reports.ts';

let clock: FakeClock;
let loop: PassLoop;
let events: DaemonEvent[];
let passes: PassOptions[];
let alive: number;
/** the result of a pass; a test may delay it */
let pass: () => Promise<Report | undefined>;

const minute = 60_000;
const drift = (key: string): Trigger => {
  const at = clock.ticks();
  return { reason: 'drift', at, drift: { ref: `rule:${key}`, undone: 'deleted', at } };
};
const plain = (reason: Trigger['reason']): Trigger => ({ reason, at: clock.ticks() });
const reasons = (): string[][] => passes.map(({ triggers }) => triggers.map(({ reason }) => reason));
const outOfSync = (): Promise<Report> => Promise.resolve(report({ inSync: false }));

/** A pass that ends when the returned function is called. */
function slowPass(): (value?: Report) => void {
  let end: (value: Report) => void = () => undefined;
  pass = () => new Promise((resolve) => (end = resolve));
  return (value = report()) => {
    pass = () => Promise.resolve(report());
    end(value);
  };
}

beforeEach(() => {
  clock = createFakeClock();
  events = [];
  passes = [];
  alive = 0;
  pass = () => Promise.resolve(report());
  loop = createLoop({
    clock,
    random: () => 0,
    emit: (event) => events.push(event),
    pass: (options) => {
      passes.push(options);
      return pass();
    },
    alive: () => (alive += 1),
    aliveEveryMs: 10_000,
  });
});

test('triggers that come together start one pass, and equal ones count once', async () => {
  for (const key of ['a', 'b', 'a']) loop.trigger(drift(key));
  loop.trigger(plain('file'));
  await clock.advance(10);
  expect(reasons()).toEqual([['drift', 'drift', 'file']]);
  expect(events).toMatchObject([{ type: 'pass', triggers: { length: 3 } }]);
});

test('two passes never overlap: triggers during a pass start the next one', async () => {
  const end = slowPass();
  loop.trigger(plain('file'));
  await clock.advance(10);
  loop.trigger(drift('a'));
  loop.trigger(drift('b'));
  await clock.advance(1000);
  expect(passes).toHaveLength(1);
  end();
  await clock.advance(10);
  expect(reasons()).toEqual([['file'], ['drift', 'drift']]);
});

test('a pass that leaves something undone is retried more and more slowly until the router is in sync', async () => {
  pass = outOfSync;
  loop.trigger(plain('file'));
  await clock.advance(5);
  const starts = [clock.ticks()];
  for (let i = 0; i < 9; i++) {
    const at = loop.retryAt() ?? 0;
    starts.push(at);
    await clock.advance(at - clock.ticks() + 5);
  }
  const pauses = starts.slice(1).map((at, i) => Math.round((at - (starts[i] ?? 0)) / 1000));
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256]);
  await clock.advance(20 * minute); // including the passes of every ten minutes
  expect((loop.retryAt() ?? 0) - clock.ticks()).toBeLessThanOrEqual(300_000);
  expect(passes.length).toBeGreaterThan(13);
  pass = () => Promise.resolve(report());
  await clock.advance(301_000);
  expect(loop.retryAt()).toBeUndefined();
});

test('a new file restarts the retries with short delays', async () => {
  pass = outOfSync;
  loop.trigger(plain('file'));
  await clock.advance(2 * minute);
  loop.trigger(plain('file'));
  await clock.advance(5);
  expect((loop.retryAt() ?? 0) - clock.ticks()).toBe(1000);
});

test('a host that cannot be read is reported and retried, and so is an error of our own', async () => {
  pass = () => Promise.reject(new HostError({ operation: 'list links', code: 'ENOBUFS', detail: 'no buffer' }));
  loop.trigger(plain('drift'));
  await clock.advance(5);
  pass = () => Promise.reject(new TypeError('oops'));
  await clock.advance(1005);
  const [first, second] = [{ triggers: [{ reason: 'drift' }] }, { triggers: [{ reason: 'retry' }] }];
  expect(events).toMatchObject([
    { type: 'pass-failed', code: 'ENOBUFS', message: 'list links: no buffer (ENOBUFS)', ...first, retryInMs: 1000 },
    { type: 'pass-failed', code: 'INTERNAL', message: 'oops', ...second, retryInMs: 2000 },
  ]);
  pass = () => Promise.resolve(report());
  await clock.advance(2005);
  expect(events.at(-1)).toMatchObject({ type: 'pass', triggers: [{ reason: 'retry' }] });
});

test('a full pass runs every ten minutes', async () => {
  await clock.advance(30 * minute + 10);
  expect(reasons()).toEqual([['timer'], ['timer'], ['timer']]);
});

test('held passes only look, and the first pass after the hold repairs', async () => {
  loop.hold(undefined);
  loop.trigger(drift('a'));
  await clock.advance(10);
  loop.resume();
  loop.resume(); // once is enough
  await clock.advance(10);
  expect(passes.map(({ repair }) => repair)).toEqual([false, true]);
  expect(reasons()[1]).toEqual(['resume']);
  expect(events.map(({ type }) => type)).toEqual(['hold', 'pass', 'resume', 'pass']);
});

test('a hold with a duration ends by itself, and a second hold replaces the first', async () => {
  loop.hold(10_000);
  await clock.advance(5_000);
  loop.hold(20_000);
  expect(events.at(-1)).toEqual({ type: 'hold', until: clock.now() + 20_000, ms: 20_000 });
  await clock.advance(19_000);
  expect(passes).toEqual([]);
  await clock.advance(1_010);
  expect(reasons()).toEqual([['resume']]);
});

test('without a model no pass is reported', async () => {
  pass = () => Promise.resolve(undefined);
  loop.trigger(plain('timer'));
  await clock.advance(10);
  expect(events).toEqual([]);
  expect(loop.retryAt()).toBeUndefined();
});

test('stopping lets the pass end, and starts no other', async () => {
  const end = slowPass();
  loop.trigger(plain('file'));
  await clock.advance(10);
  loop.trigger(drift('a'));
  let stopped = false;
  const stop = loop.stop().then(() => (stopped = true));
  await flush();
  expect(stopped).toBe(false);
  end(report({ inSync: false }));
  await stop;
  await clock.advance(60 * minute);
  expect(passes).toHaveLength(1);
  expect(events.map(({ type }) => type)).toEqual(['pass']);
});

test('an idle loop counts as alive, and a hanging pass does not', async () => {
  await clock.advance(minute);
  expect(alive).toBe(6);
  slowPass();
  loop.trigger(plain('file'));
  await clock.advance(5 * minute);
  const before = alive;
  await clock.advance(10 * minute);
  expect(alive).toBe(before);
});

test('a long pass that advances counts as alive', async () => {
  const end = slowPass();
  loop.trigger(plain('file'));
  await clock.advance(10);
  for (let i = 0; i < 10; i++) {
    const before = alive;
    passes[0]?.progress();
    await clock.advance(50_000);
    expect(alive).toBeGreaterThan(before + 3);
  }
  end();
  await flush();
});

test('waiting for quiet ends after the passes that are due, or after its own time', async () => {
  const quietIn = async (ms: number, list: string[]): Promise<void> => {
    await loop.quiet(ms);
    list.push(`${ms}`);
  };
  const quiet: string[] = [];
  await quietIn(1_000, quiet);
  const end = slowPass();
  loop.trigger(plain('drift'));
  void quietIn(1_000, quiet);
  void quietIn(60_000, quiet);
  await clock.advance(500);
  expect(quiet).toEqual(['1000']);
  await clock.advance(500);
  expect(quiet).toEqual(['1000', '1000']);
  end();
  await flush();
  expect(quiet).toEqual(['1000', '1000', '60000']);
});
