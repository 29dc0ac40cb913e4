// Runs something at once, and again only after a pause; requests during the pause are joined into one run at its end.
import type { Clock } from '../../host/clock.ts';

export interface Paced {
  readonly knock: () => void;
  /** whether a request waits for the end of the pause */
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
