// A clock that advances only when a test says so.
import type { Clock } from '../../src/host/clock.ts';

export interface FakeClock extends Clock {
  /** sets the time of day, as ntpd or an operator does: milliseconds ahead, or back */
  readonly set: (ms: number) => void;
  /** advances the clock: due timers run in order, with everything that follows from them at once */
  readonly advance: (ms: number) => Promise<void>;
}

/** Waits for promises that are already settled, and for those that follow. */
export async function flush(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

export function createFakeClock(start = 1_767_225_600_000): FakeClock {
  let now = 0;
  let epoch = start;
  const timers = new Set<Timer>();
  const next = (until: number): Timer | undefined =>
    [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
  return {
    now: () => epoch + now,
    ticks: () => now,
    set: (ms) => void (epoch += ms),
    after(ms, run) {
      const timer = { at: now + Math.max(0, ms), run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async advance(ms) {
      const until = now + ms;
      await flush();
      for (let timer = next(until); timer !== undefined; timer = next(until)) {
        timers.delete(timer);
        now = timer.at;
        timer.run();
        await flush();
      }
      now = until;
    },
  };
}
