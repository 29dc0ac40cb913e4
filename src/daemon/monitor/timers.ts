// Timers that end together.
import type { Clock } from '../../host/clock.ts';

export interface Timers {
  after(ms: number, run: () => void): void;
  /** none of those that wait will run */
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
