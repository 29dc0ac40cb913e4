// The last word on each object since it was judged last. Pure.
import type { ObjectRef } from '../../engine/types.ts';
import type { Drift } from '../types.ts';
import type { Verdict } from './relevance.ts';

export interface Heard {
  readonly verdict: Verdict;
  /** when it was undone first; a later event of the same undoing does not make it younger */
  readonly at: number;
}

export interface HeardList {
  add(verdict: Verdict, at: number): void;
  /** all of them; the list is empty then */
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

/** What is undone, and the state that it was found in. */
export interface Noted {
  readonly drift: Drift;
  readonly detail: string;
  /** a guard that only a pass puts back: it has no pauses in a fight */
  readonly urgent?: true;
}

/** undefined where the object is as it shall be */
export const toNoted = ({ ref, undone, detail, guard }: Verdict, at: number): Noted | undefined =>
  undone === undefined
    ? undefined
    : {
        drift: { ref, undone, at },
        detail,
        ...(guard !== undefined && guard.make === undefined ? { urgent: true } : {}),
      };
