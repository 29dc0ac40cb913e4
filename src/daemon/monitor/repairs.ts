// Requests a pass for each undone object, and emits an event for each repair. If somebody undoes the same object repeatedly, names
// the likely program, and pauses the repair.
import type { ObjectRef, Report } from '../../engine/types.ts';
import { timeOfDay, type Clock } from '../../host/clock.ts';
import type { Host } from '../../host/types.ts';
import type { Drift, Emit, Trigger } from '../types.ts';
import { findCulprit } from './culprit.ts';
import { createDriftBook } from './drift-book.ts';
import { createFights, type Fight } from './fights.ts';
import type { Noted } from './heard.ts';
import type { Timers } from './timers.ts';

export interface RepairsOptions {
  readonly host: Host;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly emit: Emit;
  readonly trigger: (trigger: Trigger) => void;
}

export interface Repairs {
  /** records the undone object, counts it, and requests a pass, at once or after a fight's pause */
  ask(noted: Noted): void;
  /** the same without a request: a pass already handles it */
  note(noted: Noted): void;
  /** the object is as desired */
  sawFine(ref: ObjectRef): void;
  /** @param doneAt when the pass did its last operation on an object */
  settle(report: Report, doneAt: (ref: ObjectRef) => number | undefined): void;
  /** forgets everything, for a new model */
  clear(): void;
}

export function createRepairs({ host, clock, timers, emit, trigger }: RepairsOptions): Repairs {
  const book = createDriftBook();
  const fights = createFights();

  /** Milliseconds by which to delay the repair; undefined if the object is already recorded. */
  function open({ drift, detail }: Noted): number | undefined {
    if (!book.open(drift, detail)) return undefined;
    const fight = fights.note(drift.ref, drift.at);
    if (fight?.grew === true) void tellFight(drift, fight);
    return fight?.pauseMs ?? 0;
  }

  async function tellFight({ ref, at }: Drift, { times, pauseMs }: Fight): Promise<void> {
    emit({ type: 'fight', ref, times, culprit: await findCulprit(host, timeOfDay(clock, at)), pauseMs });
  }

  return {
    ask(noted) {
      const { drift } = noted;
      const pauseMs = open(noted);
      if (pauseMs === undefined) return;
      const askNow = (): void => {
        if (book.isOpen(drift.ref)) trigger({ reason: 'drift', at: clock.ticks(), drift });
      };
      if (pauseMs === 0 || noted.urgent === true) askNow();
      else timers.after(pauseMs, askNow);
    },
    note: (noted) => void open(noted),
    sawFine: (ref) => book.sawFine(ref),
    settle(report, doneAt) {
      const now = clock.ticks();
      for (const { drift, operations } of book.settle(report)) {
        emit({ type: 'repaired', drift, goneMs: (doneAt(drift.ref) ?? now) - drift.at, operations });
      }
    },
    clear: () => book.clear(),
  };
}
