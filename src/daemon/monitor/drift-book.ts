// What is undone and not yet repaired, and what a pass saw and found nothing to do about. Pure.
import { refOf } from '../../engine/settle.ts';
import type { ObjectRef, Operation, Report } from '../../engine/types.ts';
import type { Drift } from '../types.ts';

export interface Repair {
  readonly drift: Drift;
  readonly operations: readonly Operation[];
}

export interface DriftBook {
  /**
   * False where it is no news: it is open already, or the last pass found the object in this very state and let it be.
   * @param detail the state found; equal texts mean the same state
   */
  open(drift: Drift, detail: string): boolean;
  isOpen(ref: ObjectRef): boolean;
  /** the object is as it shall be: what a pass let be is forgotten */
  sawFine(ref: ObjectRef): void;
  /** Closes what the pass dealt with and gives back what it repaired. What failed stays open. */
  settle(report: Report): Repair[];
  /** another model: nothing of the old one counts */
  clear(): void;
}

export function createDriftBook(): DriftBook {
  const open = new Map<ObjectRef, { readonly drift: Drift; readonly detail: string }>();
  const letBe = new Map<ObjectRef, string>();
  return {
    open(drift, detail) {
      const { ref } = drift;
      if (open.has(ref) || letBe.get(ref) === detail) return false;
      open.set(ref, { drift, detail });
      return true;
    },
    isOpen: (ref) => open.has(ref),
    sawFine: (ref) => void letBe.delete(ref),
    settle({ results, remaining }) {
      const done = Map.groupBy(
        results.filter(({ outcome }) => outcome.status === 'done').map(({ operation }) => operation),
        refOf,
      );
      const failed = results
        .filter(({ outcome }) => outcome.status !== 'done')
        .map(({ operation }) => refOf(operation));
      const left = new Set<ObjectRef>([...failed, ...remaining.map(refOf)]);
      const repairs: Repair[] = [];
      for (const [ref, { drift, detail }] of open) {
        if (left.has(ref)) continue;
        open.delete(ref);
        const operations = done.get(ref);
        if (operations === undefined) letBe.set(ref, detail);
        else repairs.push({ drift, operations });
      }
      return repairs;
    },
    clear() {
      open.clear();
      letBe.clear();
    },
  };
}
