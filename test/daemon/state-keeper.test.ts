// The daemon's state, with times from a clock that somebody sets meanwhile.
import { expect, test } from 'vitest';
import type { Condition } from '../../src/engine/types.ts';
import { createStateKeeper } from '../../src/daemon/state-keeper.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { condition, report } from './reports.ts';

test.each([-18_000_000, 18_000_000])('ages and pauses stay right when the clock is set by %i ms', async (by) => {
  const clock = createFakeClock();
  const begin = clock.ticks();
  const { state, listen } = createStateKeeper({ pid: 1, version: '0', clock, retryAt: () => begin + 90_000 });
  await clock.advance(10_000);
  listen({ type: 'pass', report: report(), triggers: [], ms: 5 });
  listen({ type: 'hold', until: clock.now() + 60_000, ms: 60_000 });
  clock.set(by);
  await clock.advance(20_000);
  const { startedAt, lastPass, holdUntil, retryAt } = state();
  expect({ startedAt, passed: lastPass?.at, holdUntil, retryAt }).toEqual({
    startedAt: clock.now() - 30_000,
    passed: clock.now() - 20_000,
    holdUntil: clock.now() + 40_000,
    retryAt: clock.now() + 60_000,
  });
});

test('a monitor that is down is a condition until it is up again', () => {
  const clock = createFakeClock();
  const { state, listen } = createStateKeeper({ pid: 1, version: '0', clock, retryAt: () => undefined });
  const down = (subject: string): Condition => condition('monitor-down', subject);
  const subjects = (): string[] => state().conditions.map(({ subject }) => subject);
  listen({ type: 'condition', condition: down('rtnetlink'), raised: true });
  listen({ type: 'condition', condition: down('rtnetlink in mesh'), raised: true });
  listen({ type: 'condition', condition: condition('bird-down', 'bird'), raised: true }); // the report of its pass contains it
  listen({ type: 'pass', report: report(), triggers: [], ms: 5 });
  expect(subjects()).toEqual(['rtnetlink', 'rtnetlink in mesh']);
  listen({ type: 'condition', condition: down('rtnetlink'), raised: false });
  expect(subjects()).toEqual(['rtnetlink in mesh']);
});
