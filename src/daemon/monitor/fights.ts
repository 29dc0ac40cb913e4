// Distinguishes a fight from an accident: if an object is undone five times within a minute, somebody wants it otherwise. Then
// its repairs pause, longer each time. Pure; the caller gives the time.
import type { ObjectRef } from '../../engine/types.ts';

const WINDOW_MS = 60_000;
const TIMES = 5;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** the fight is over if nobody undoes the object for this long */
const OVER_AFTER_MS = 3 * LONGEST_PAUSE_MS;

export interface Fight {
  /** number of undoings since the fight began */
  readonly times: number;
  readonly pauseMs: number;
  /** the pause is longer than the one before, so it is reported */
  readonly grew: boolean;
}

export interface Fights {
  /** records one more undoing; undefined: repair the object at once */
  note(ref: ObjectRef, at: number): Fight | undefined;
}

interface Record {
  readonly times: readonly number[];
  /** 0 while there is no fight */
  readonly pauseMs: number;
}

export function createFights(): Fights {
  const records = new Map<ObjectRef, Record>();
  const forgetOld = (now: number): void => {
    for (const [ref, { times, pauseMs }] of records) {
      const age = now - (times.at(-1) ?? 0);
      if (age > (pauseMs === 0 ? WINDOW_MS : OVER_AFTER_MS)) records.delete(ref);
    }
  };
  return {
    note(ref, at) {
      forgetOld(at);
      const before = records.get(ref) ?? { times: [], pauseMs: 0 };
      const all = [...before.times, at];
      const times = before.pauseMs === 0 ? all.filter((time) => at - time <= WINDOW_MS) : all;
      const fighting = times.length >= TIMES;
      const grown = before.pauseMs === 0 ? FIRST_PAUSE_MS : Math.min(2 * before.pauseMs, LONGEST_PAUSE_MS);
      const pauseMs = fighting ? grown : 0;
      records.set(ref, { times, pauseMs });
      return fighting ? { times: times.length, pauseMs, grew: pauseMs > before.pauseMs } : undefined;
    },
  };
}
