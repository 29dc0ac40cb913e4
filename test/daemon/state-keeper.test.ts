// How the daemon stands, told by a clock that somebody sets meanwhile.
import { expect, test } from 'vitest';
import { createStateKeeper } from '../../src/daemon/state-keeper.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { report } from './reports.ts';

test.each([-18_000_000, 18_000_000])('ages and pauses stay right where the clock is set by %i ms', async (by) => {
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
