// The clock for all waiting.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock, timeOfDay } from '../../src/host/clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a timer longer than Node can count fires at its time', () => {
  const run = vi.fn();
  systemClock.after(2 ** 32, run);
  vi.advanceTimersByTime(2 ** 32 - 1_000);
  expect(run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2_000);
  expect(run).toHaveBeenCalledOnce();
});

test('a cancelled timer never fires', () => {
  const run = vi.fn();
  const cancel = systemClock.after(2 ** 32, run);
  vi.advanceTimersByTime(2 ** 31 + 1_000);
  cancel();
  vi.advanceTimersByTime(2 ** 32);
  expect(run).not.toHaveBeenCalled();
});

test('a monotonic moment is printed as the time of the current clock', () => {
  const clock = { now: () => 1_000_000, ticks: () => 500 };
  expect(timeOfDay(clock, 300)).toBe(999_800);
});
