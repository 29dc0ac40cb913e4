// All periodic work shares one wake-up of the process, at most one every ten seconds: an idle router sleeps in between.
import type { Clock } from '../host/clock.ts';

const BEAT_MS = 10_000;
/** A look takes some time. The slack lets the pause after it still end on a beat, not shortly after one. */
const SLACK_MS = 1_000;

/** As Clock.after, but runs at the first beat after about `ms`. */
export type Beat = Clock['after'];

export function createBeat({ ticks, after }: Pick<Clock, 'ticks' | 'after'>): Beat {
  const beats = new Map<number, { readonly runs: Set<() => void>; readonly cancel: () => void }>();
  return (ms, run) => {
    const now = ticks();
    const beat = Math.max(Math.floor(now / BEAT_MS) + 1, Math.ceil((now + ms - SLACK_MS) / BEAT_MS));
    const runs = beats.get(beat)?.runs ?? new Set();
    if (runs.size === 0) {
      const due = (): void => {
        beats.delete(beat);
        for (const one of runs) one();
      };
      beats.set(beat, { runs, cancel: after(beat * BEAT_MS - now, due) });
    }
    const mine = (): void => run();
    runs.add(mine);
    return () => {
      if (!runs.delete(mine) || runs.size > 0 || beats.get(beat)?.runs !== runs) return;
      beats.get(beat)?.cancel();
      beats.delete(beat);
    };
  };
}
