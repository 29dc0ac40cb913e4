// Time for what waits: a clock that nobody sets for durations, the time of day for what people read, and a call later that can
// be taken back. The one place that asks for the time of day: at boot it jumps, and an operator may set it (lint holds this).

export interface Clock {
  /** the time of day, milliseconds since the epoch: for people and other programs to read, never to count with */
  readonly now: () => number;
  /** milliseconds of CLOCK_MONOTONIC, one for all processes since boot: for every duration */
  readonly ticks: () => number;
  /** calls `run` once after `ms`; the result takes it back */
  readonly after: (ms: number, run: () => void) => () => void;
}

/** A longer timer runs at once (Node's `setTimeout`, TIMEOUT_MAX in lib/internal/timers.js): it is made of several. */
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

/** The time of day, as the clock says now, of a moment that was noted by `ticks`. */
export const timeOfDay = (clock: Pick<Clock, 'now' | 'ticks'>, ticks: number): number =>
  Math.round(clock.now() + ticks - clock.ticks());
