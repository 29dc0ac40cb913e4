// Remembers the operations of the running pass and of the last one to this model, to distinguish them from the changes of others. Pure.
import { refOf } from '../../engine/settle.ts';
import type { ObjectRef, Report, Result } from '../../engine/types.ts';
import type { Noted } from './heard.ts';

export interface PassMemory {
  started(): void;
  /** an object is undone during a pass, perhaps by the pass itself */
  undoneMeanwhile(noted: Noted): void;
  result(result: Result, at: number): void;
  /** Returns the objects that somebody else undid during the pass and the pass repaired; none in the first pass to a model. */
  finished(report: Report): Noted[];
  /** whether operations of the last pass wait for the object: an interface that did not exist yet */
  isAwaited(ref: ObjectRef): boolean;
  /** when the pass did its last operation on an object */
  doneAt(ref: ObjectRef): number | undefined;
  /** forgets the last pass, for a new model */
  forget(): void;
}

export function createPassMemory(): PassMemory {
  const during = new Map<ObjectRef, Noted>();
  const doneAt = new Map<ObjectRef, number>();
  /** the objects that the last pass to this model did not leave as desired; undefined before the first pass */
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
