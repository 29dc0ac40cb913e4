// Listens to events and gives the daemon's state at any time. Times are kept in ticks, and converted with the present time of day:
// so a difference to the present time is right, even if the clock was wrong before.
import { formatDiagnostic } from '../config/diagnostic.ts';
import type { Condition } from '../engine/types.ts';
import { timeOfDay, type Clock } from '../host/clock.ts';
import type { DaemonEvent, DaemonState, Emit } from './types.ts';

export interface StateKeeperOptions {
  readonly pid: number;
  readonly version: string;
  readonly clock: Pick<Clock, 'now' | 'ticks'>;
  /** by the clock's ticks */
  readonly retryAt: () => number | undefined;
}

export interface StateKeeper {
  readonly listen: Emit;
  readonly state: () => DaemonState;
}

/** `at` and `holdUntil` are in ticks. */
type Kept = Omit<DaemonState, 'retryAt' | 'conditions' | 'pid' | 'version' | 'startedAt'> & {
  /** why the last pass failed as a whole; undefined if it ended with a report */
  readonly failure: string | undefined;
  /** the conditions of monitors that are down: no pass finds these */
  readonly deaf: readonly Condition[];
};

function stillDeaf(
  deaf: readonly Condition[],
  { condition, raised }: Extract<DaemonEvent, { type: 'condition' }>,
): readonly Condition[] {
  if (condition.code !== 'monitor-down') return deaf;
  const others = deaf.filter(({ subject }) => subject !== condition.subject);
  return raised ? [...others, condition] : others;
}

function next(kept: Kept, event: DaemonEvent, ticks: number): Kept {
  switch (event.type) {
    case 'pass':
      return {
        ...kept,
        passes: kept.passes + 1,
        lastPass: { at: ticks, ms: event.ms, report: event.report },
        failure: undefined,
      };
    case 'pass-failed':
      return { ...kept, failure: event.message };
    case 'repaired':
      return { ...kept, repairs: kept.repairs + 1 };
    case 'state-loaded':
      return { ...kept, generation: event.generation, source: event.source, awaitedFile: undefined };
    case 'state-withdrawn':
      return { ...kept, generation: event.back, source: event.back === undefined ? undefined : 'last-good' };
    case 'state-bad':
      return {
        ...kept,
        badState: event.diagnostics.map((d) => formatDiagnostic(d, event.text)),
        awaitedFile: undefined,
      };
    case 'state-awaited':
      return { ...kept, badState: [], awaitedFile: event.file };
    case 'state-mended':
      return { ...kept, badState: [] };
    case 'condition':
      return { ...kept, deaf: stillDeaf(kept.deaf, event) };
    case 'hold':
      return { ...kept, holdUntil: event.ms === undefined ? 'until-resume' : ticks + event.ms };
    case 'resume':
      return { ...kept, holdUntil: undefined };
    default:
      return kept;
  }
}

const passFailed = (message: string): Condition => ({
  code: 'pass-failed',
  severity: 'error',
  subject: 'host',
  message: `the last pass failed: ${message}; the daemon tries again`,
});

export function createStateKeeper({ pid, version, clock, retryAt }: StateKeeperOptions): StateKeeper {
  const startedAt = clock.ticks();
  const told = (ticks: number): number => timeOfDay(clock, ticks);
  let kept: Kept = {
    generation: undefined,
    source: undefined,
    badState: [],
    awaitedFile: undefined,
    holdUntil: undefined,
    lastPass: undefined,
    passes: 0,
    repairs: 0,
    ...{ failure: undefined, deaf: [] },
  };
  return {
    listen: (event) => void (kept = next(kept, event, clock.ticks())),
    state() {
      const { failure, deaf, ...rest } = kept;
      const { lastPass, holdUntil } = kept;
      const retry = retryAt();
      const conditions = lastPass?.report.conditions ?? [];
      return {
        ...{ pid, version, startedAt: told(startedAt), ...rest },
        lastPass: lastPass && { ...lastPass, at: told(lastPass.at) },
        holdUntil: typeof holdUntil === 'number' ? told(holdUntil) : holdUntil,
        retryAt: retry === undefined ? undefined : told(retry),
        conditions: [...(failure === undefined ? [] : [passFailed(failure)]), ...deaf, ...conditions],
      };
    },
  };
}
