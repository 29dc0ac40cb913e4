// What passes did, as far as it tells their own doing from others': of the one that runs, and of the last to this model. Pure.
import { refOf } from '../../engine/settle.ts';
import type { ObjectRef, Report, Result } from '../../engine/types.ts';
import type { Noted } from './heard.ts';

export interface PassMemory {
  started(): void;
  /** something is undone while a pass runs, by the pass itself perhaps */
  undoneMeanwhile(noted: Noted): void;
  result(result: Result, at: number): void;
  /** Gives what somebody else undid in the middle of the pass, which put it right. Before the model's first there is none. */
  finished(report: Report): Noted[];
  /** operations of the last pass wait for it: an interface that was not there yet */
  isAwaited(ref: ObjectRef): boolean;
  /** when the pass did its last operation on an object */
  doneAt(ref: ObjectRef): number | undefined;
  /** another model: nothing of the last pass counts */
  forget(): void;
}

export function createPassMemory(): PassMemory {
  const during = new Map<ObjectRef, Noted>();
  const doneAt = new Map<ObjectRef, number>();
  /** what the last pass to this model did not leave as it shall be; undefined before there was one */
  let unsettled: ReadonlySet<string> | undefined;
  let awaited: ReadonlySet<string> = new Set();

  function putRight({ results }: Report): Noted[] {
    const left = unsettled;
    if (left === undefined) return [];
    const done = new Set(
      results.filter(({ outcome }) => outcome.status === 'done').map(({ operation }) => refOf(operation)),
    );
    return [...during].filter(([ref]) => !left.has(ref) && done.has(ref)).map(([, noted]) => noted);
  }

  return {
    started() {
      during.clear();
      doneAt.clear();
    },
    undoneMeanwhile(noted) {
      if (!during.has(noted.drift.ref)) during.set(noted.drift.ref, noted);
    },
    result({ operation, outcome }, at) {
      if (outcome.status === 'done') doneAt.set(refOf(operation), at);
    },
    finished(report) {
      const noted = putRight(report);
      awaited = new Set(report.waiting.map(({ missing }) => missing));
      unsettled = unsettledBy(report);
      return noted;
    },
    isAwaited: (ref) => awaited.has(ref),
    doneAt: (ref) => doneAt.get(ref),
    forget() {
      awaited = new Set();
      unsettled = undefined;
    },
  };
}

const unsettledBy = ({ results, remaining, waiting }: Report): ReadonlySet<string> =>
  new Set(
    [
      ...results.filter(({ outcome }) => outcome.status !== 'done').map(({ operation }) => operation),
      ...waiting.map(({ operation }) => operation),
      ...remaining,
    ].map(refOf),
  );
