// Time for what waits: now, and a call later that can be taken back.

export interface Clock {
  /** milliseconds since the epoch */
  readonly now: () => number;
  /** calls `run` once after `ms`; the result takes it back */
  readonly after: (ms: number, run: () => void) => () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
