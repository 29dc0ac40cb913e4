// Time: a monotonic clock for durations, the time of day for display, and delayed calls that can be cancelled. The only place
// that reads the time of day: it jumps at boot, and an operator may set it (lint enforces this).

export interface Clock {
  /** the time of day, milliseconds since the epoch: for people and other programs, never for durations */
  readonly now: () => number;
  /** milliseconds of CLOCK_MONOTONIC, the same for all processes since boot: for every duration */
  readonly ticks: () => number;
  /** calls `run` once after `ms`; the returned function cancels it */
  readonly after: (ms: number, run: () => void) => () => void;
}

/** Node fires a longer timer at once (`setTimeout`, TIMEOUT_MAX in lib/internal/timers.js), so `after` uses several timers. */
const LONGEST_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  ticks: () => Number(process.hrtime.bigint()) / 1e6,
  after(ms, run) {
    const end = systemClock.ticks() + ms;
    let timer: NodeJS.Timeout;
    const wait = (): void => {
      const left = end - systemClock.ticks();
      timer = left > LONGEST_MS ? setTimeout(wait, LONGEST_MS) : setTimeout(run, left);
    };
    wait();
    return () => clearTimeout(timer);
  },
};

/** The time of day, by the current clock, of a moment in `ticks`. */
export const timeOfDay = (clock: Pick<Clock, 'now' | 'ticks'>, ticks: number): number =>
  Math.round(clock.now() + ticks - clock.ticks());
