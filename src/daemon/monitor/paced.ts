// Does something at once, and again no sooner than a while later; what is asked for in between is done once, at the end.
import type { Clock } from '../../host/clock.ts';

export interface Paced {
  readonly knock: () => void;
  /** it was asked for, and waits for its time */
  readonly isDue: () => boolean;
  readonly close: () => void;
}

export function createPaced(clock: Clock, everyMs: number, run: () => void): Paced {
  let lastAt = -Infinity;
  let cancel: (() => void) | undefined;

  function now(): void {
    cancel = undefined;
    lastAt = clock.ticks();
    run();
  }

  return {
    knock() {
      const wait = lastAt + everyMs - clock.ticks();
      if (wait <= 0) now();
      else cancel ??= clock.after(wait, now);
    },
    isDue: () => cancel !== undefined,
    close: () => cancel?.(),
  };
}
