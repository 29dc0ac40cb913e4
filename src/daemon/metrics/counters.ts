// Counts events for the metrics.
import { timeOfDay, type Clock } from '../../host/clock.ts';
import type { DaemonEvent, Emit } from '../types.ts';
import type { Counters } from './types.ts';

export interface CounterKeeper {
  readonly listen: Emit;
  readonly counters: () => Counters;
}

function next(kept: Counters, event: DaemonEvent, ticks: number): Counters {
  switch (event.type) {
    case 'pass': {
      const result = event.report.inSync ? 'in-sync' : 'not-in-sync';
      const passes = { ...kept.passes, [result]: kept.passes[result] + 1 };
      return { ...kept, passes, lastSuccess: event.report.inSync ? ticks : kept.lastSuccess };
    }
    case 'pass-failed':
      return { ...kept, passes: { ...kept.passes, failed: kept.passes.failed + 1 } };
    case 'repaired': {
      const [kind = ''] = event.drift.ref.split(':');
      return { ...kept, repairs: { ...kept.repairs, [kind]: (kept.repairs[kind] ?? 0) + 1 } };
    }
    default:
      return kept;
  }
}

/** `lastSuccess` is kept in ticks, and converted to the time of day when it is read. */
export function createCounters(clock: Pick<Clock, 'now' | 'ticks'>): CounterKeeper {
  let kept: Counters = {
    passes: { 'in-sync': 0, 'not-in-sync': 0, failed: 0 },
    lastSuccess: undefined,
    repairs: {},
  };
  return {
    listen: (event) => void (kept = next(kept, event, clock.ticks())),
    counters() {
      const { lastSuccess } = kept;
      return { ...kept, lastSuccess: lastSuccess === undefined ? undefined : timeOfDay(clock, lastSuccess) / 1000 };
    },
  };
}
