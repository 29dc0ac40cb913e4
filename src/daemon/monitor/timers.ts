// Timers that can be cancelled together.
import type { Clock } from '../../host/clock.ts';

export interface Timers {
  after(ms: number, run: () => void): void;
  /** cancels all pending timers */
  cancelAll(): void;
}

export function createTimers(clock: Clock): Timers {
  const waiting = new Set<() => void>();
  return {
    after(ms, run) {
      const cancel = clock.after(ms, () => {
        waiting.delete(cancel);
        run();
      });
      waiting.add(cancel);
    },
    cancelAll() {
      for (const cancel of waiting) cancel();
      waiting.clear();
    },
  };
}
