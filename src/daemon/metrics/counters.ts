// Counts what happens, for metrics.
import type { DaemonEvent, Emit } from '../types.ts';
import type { Counters } from './types.ts';

export interface CounterKeeper {
  readonly listen: Emit;
  readonly counters: () => Counters;
}

function next(kept: Counters, event: DaemonEvent, now: number): Counters {
  switch (event.type) {
    case 'pass': {
      const result = event.report.inSync ? 'in-sync' : 'not-in-sync';
      const passes = { ...kept.passes, [result]: kept.passes[result] + 1 };
      return { ...kept, passes, lastSuccess: event.report.inSync ? now / 1000 : kept.lastSuccess };
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

/** @param now milliseconds since the epoch */
export function createCounters(now: () => number): CounterKeeper {
  let kept: Counters = {
    passes: { 'in-sync': 0, 'not-in-sync': 0, failed: 0 },
    lastSuccess: undefined,
    repairs: {},
  };
  return { listen: (event) => void (kept = next(kept, event, now())), counters: () => kept };
}
