// The last event of each object since it was last judged. Pure.
import type { ObjectRef } from '../../engine/types.ts';
import type { Drift } from '../types.ts';
import type { Verdict } from './relevance.ts';

export interface Heard {
  readonly verdict: Verdict;
  /** when it was first undone; a later event of the same undoing keeps this time */
  readonly at: number;
}

export interface HeardList {
  add(verdict: Verdict, at: number): void;
  /** returns all and empties the list */
  take(): Heard[];
  clear(): void;
}

export function createHeardList(): HeardList {
  const heard = new Map<ObjectRef, Heard>();
  return {
    add(verdict, at) {
      const before = heard.get(verdict.ref);
      const since = before?.verdict.undone === undefined ? at : before.at;
      heard.set(verdict.ref, { verdict, at: since });
    },
    take() {
      const all = [...heard.values()];
      heard.clear();
      return all;
    },
    clear: () => heard.clear(),
  };
}

/** An undone object, and its observed state. */
export interface Noted {
  readonly drift: Drift;
  readonly detail: string;
  /** a guard that only a pass restores: its repair never pauses in a fight */
  readonly urgent?: true;
}

/** undefined if the object is as desired */
export const toNoted = ({ ref, undone, detail, guard }: Verdict, at: number): Noted | undefined =>
  undone === undefined
    ? undefined
    : {
        drift: { ref, undone, at },
        detail,
        ...(guard !== undefined && guard.make === undefined ? { urgent: true } : {}),
      };
