// One read serves many readers, after all repairs: simultaneous requests share one answer, a recent answer is good enough, and
// answers go out a few times a second. So the number of readers hardly slows a pass.
import type { Clock } from '../host/clock.ts';

/** How long an answer is good, unless an event makes it outdated; at least as long as the read took. */
const FRESH_MS = 250;
/** The pause between two moments at which answers go out: sixty programs that ask in a loop get six hundred answers a second. */
const TURN_MS = 100;
/** How long a reader waits for a pass at most: a first pass with many links is long, and status must show it meanwhile. */
export const PATIENCE_MS = 1_000;

export interface SharedReadsOptions {
  readonly clock: Clock;
  /** done when no pass runs or is due, or after the milliseconds */
  readonly quiet: (ms: number) => Promise<void>;
}

export interface SharedReads {
  /** makes a read for any number of callers; two shared reads never run at the same time */
  readonly share: <T>(read: () => Promise<T>) => () => Promise<T>;
  /** makes all earlier answers outdated */
  readonly outdate: () => void;
  /** done when an answer may go out: at once if none did for TURN_MS */
  readonly turn: () => Promise<void>;
}

interface Reading<T> {
  /** the count of `outdate` calls when it began */
  readonly age: number;
  readonly result: Promise<T>;
  /** by the clock's ticks; undefined during the read */
  goodUntil: number | undefined;
}

/** The common state of all reads. */
interface Shared {
  /** the count of `outdate` calls */
  age: number;
  /** the read that began last; the next one waits for it */
  last: Promise<unknown>;
}

type Read<T> = () => Promise<T>;

function shareOf<T>(shared: Shared, clock: Clock, readNow: Read<{ value: T; goodUntil: number }>): Read<T> {
  let reading: Reading<T> | undefined;
  return () => {
    const isGood = reading?.age === shared.age && (reading.goodUntil ?? Infinity) > clock.ticks();
    if (reading !== undefined && isGood) return reading.result;
    const before = shared.last.catch(() => undefined);
    const begun: Reading<T> = {
      age: shared.age,
      goodUntil: undefined,
      result: before.then(async () => {
        const { value, goodUntil } = await readNow();
        begun.goodUntil = goodUntil;
        return value;
      }),
    };
    begun.result.catch(() => (begun.goodUntil = -Infinity));
    shared.last = begun.result;
    reading = begun;
    return begun.result;
  };
}

export function createSharedReads({ clock, quiet }: SharedReadsOptions): SharedReads {
  const shared: Shared = { age: 0, last: Promise.resolve() };

  async function readNow<T>(read: Read<T>): Promise<{ value: T; goodUntil: number }> {
    await quiet(PATIENCE_MS);
    const start = clock.ticks();
    const value = await read();
    const end = clock.ticks();
    return { value, goodUntil: end + Math.max(FRESH_MS, end - start) };
  }

  return {
    share: (read) => shareOf(shared, clock, () => readNow(read)),
    outdate: () => {
      shared.age++;
    },
    turn: createTurns(clock, quiet),
  };
}

function createTurns(clock: Clock, quiet: SharedReadsOptions['quiet']): () => Promise<void> {
  let lastAt = -Infinity;
  const waiting: (() => void)[] = [];

  async function flush(): Promise<void> {
    await quiet(PATIENCE_MS);
    lastAt = clock.ticks();
    for (const go of waiting.splice(0)) go();
  }

  return () =>
    new Promise((go) => {
      waiting.push(go);
      if (waiting.length > 1) return;
      const pause = lastAt + TURN_MS - clock.ticks();
      if (pause <= 0) void flush();
      else clock.after(pause, () => void flush());
    });
}
