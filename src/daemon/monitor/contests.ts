// Detects a guard that cannot be kept in place: somebody undoes it so often within seconds that its path is open for a part of the
// time, however fast it is restored. Pure; the caller gives the time.
import type { ObjectRef } from '../../engine/types.ts';

const TIMES = 10;
const WITHIN_MS = 2_000;
/** a contest is over if nobody undoes the guard for this long; the time doubles each time that it begins again */
const QUIET_MS = 10_000;
const LONGEST_QUIET_MS = 5 * 60_000;
/** after this long without an undoing, the record is forgotten */
const FORGET_MS = 60 * 60_000;

interface Record {
  /** times of the last undoings, at most TIMES */
  readonly times: readonly number[];
  readonly quietMs: number;
  readonly contested: boolean;
}

export interface Contests {
  /** records one more undoing; true if this begins a contest */
  note(ref: ObjectRef, at: number): boolean;
  /** the guards in a contest now; ends the contests that are over */
  contested(now: number): ObjectRef[];
  /** when the next contest is over, if nothing happens; undefined if there is none */
  endsAt(): number | undefined;
}

export function createContests(): Contests {
  const records = new Map<ObjectRef, Record>();
  const last = ({ times }: Record): number => times.at(-1) ?? 0;
  const end = (record: Record): number => last(record) + record.quietMs;

  function forget(now: number): void {
    for (const [ref, record] of records) {
      if (now - last(record) > FORGET_MS) records.delete(ref);
      else if (record.contested && now >= end(record)) {
        records.set(ref, {
          times: [last(record)],
          quietMs: Math.min(2 * record.quietMs, LONGEST_QUIET_MS),
          contested: false,
        });
      }
    }
  }

  return {
    note(ref, at) {
      forget(at);
      const before = records.get(ref) ?? { times: [], quietMs: QUIET_MS, contested: false };
      const times = [...before.times, at].slice(-TIMES);
      const isMany = times.length === TIMES && at - (times[0] ?? at) <= WITHIN_MS;
      records.set(ref, { ...before, times, contested: before.contested || isMany });
      return isMany && !before.contested;
    },
    contested(now) {
      forget(now);
      return [...records].filter(([, { contested }]) => contested).map(([ref]) => ref);
    },
    endsAt() {
      const ends = [...records.values()].filter(({ contested }) => contested).map(end);
      return ends.length === 0 ? undefined : Math.min(...ends);
    },
  };
}
