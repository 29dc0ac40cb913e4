// Records the objects that are undone and not yet repaired, and those for which a pass had nothing to do. Pure.
import { refOf } from '../../engine/settle.ts';
import type { ObjectRef, Operation, Report } from '../../engine/types.ts';
import type { Drift } from '../types.ts';

export interface Repair {
  readonly drift: Drift;
  readonly operations: readonly Operation[];
}

export interface DriftBook {
  /**
   * Records an undone object. False if it is already open, or if a pass left the object in exactly this state.
   * @param detail the observed state; equal texts mean the same state
   */
  open(drift: Drift, detail: string): boolean;
  isOpen(ref: ObjectRef): boolean;
  /** the object is as desired: forgets that a pass left it in another state */
  sawFine(ref: ObjectRef): void;
  /** Closes the objects that the pass handled and returns those that it repaired. Failed ones stay open. */
  settle(report: Report): Repair[];
  /** forgets everything, for a new model */
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
