// Reading of many served by the reading of one, after all repairs: those who ask together get one answer, one that was read a
// moment ago is good enough, and answers go out a few times a second. So the number of readers costs a pass next to nothing.
import type { Clock } from '../host/clock.ts';

/** How long an answer is good, unless something happens meanwhile; at least as long as it took to read. */
const FRESH_MS = 250;
/** Between two times at which answers go out: sixty programs that ask in a loop get six hundred a second. */
const TURN_MS = 100;
/** What a reader waits for a pass at most: a first pass with many links takes its time, and status shall tell of it. */
export const PATIENCE_MS = 1_000;

export interface SharedReadsOptions {
  readonly clock: Clock;
  /** done when no pass runs or is due, or after the milliseconds */
  readonly quiet: (ms: number) => Promise<void>;
}

export interface SharedReads {
  /** the reading, for any number of callers; two of these never read at the same time */
  readonly share: <T>(read: () => Promise<T>) => () => Promise<T>;
  /** something happened: what was read before is not good any more */
  readonly outdate: () => void;
  /** done when an answer may go out: at once where none did for a while */
  readonly turn: () => Promise<void>;
}

interface Reading<T> {
  /** how often something had happened when it began */
  readonly age: number;
  readonly result: Promise<T>;
  /** by ticks; undefined while it is read */
  goodUntil: number | undefined;
}

/** What all readings have in common. */
interface Shared {
  /** how often something happened */
  age: number;
  /** the reading that began last; two never read at the same time */
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
