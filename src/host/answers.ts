// Keeps the answers of a host, each with its time, until an event or an operation may have changed them; and the values that were made
// from the answers. Reads the host, and changes nothing.
import { isDeepStrictEqual } from 'node:util';
import { askEach, type Batched, type Question } from './batch.ts';
import { tellers, type Forgets, type Part, type Read } from './tellers.ts';
import type { Host, WgDevice } from './types.ts';

/** A counter of events and looks, which shows which came first. */
export interface Count {
  now: number;
}

/** One look at the host. */
export interface Look {
  readonly began: number;
  /** a made value stays valid only if its answers whose changes nobody reports are from this count or later; `began`: it does not */
  readonly since: number;
}

type Ask = (question: Question) => Promise<unknown>;

/** The kept answers of one network namespace. */
export interface Place {
  readonly host: Host;
  readonly count: Count;
  /** whether the daemon receives the kernel's events of the namespace */
  readonly isHeard: () => boolean;
  readonly answers: Map<Read, { readonly good: Map<string, Answer>; readonly ended: Map<string, Answer> }>;
  readonly queues: Map<string, Ask>;
  readonly made: Map<string, WeakMap<object, Made>>;
}

export interface Answer {
  readonly place: Place;
  readonly read: Read;
  readonly args: readonly unknown[];
  readonly value: Promise<unknown>;
  readonly askedAt: number;
  /** Infinity: the answer is still valid */
  forgottenAt: number;
}

/** A value that was made from answers alone. */
interface Made {
  readonly look: Look;
  readonly uses: ReadonlySet<Answer>;
  readonly value: Promise<unknown>;
  done: boolean;
}

export const createPlace = (host: Host, count: Count, isHeard: () => boolean): Place => ({
  ...{ host, count, isHeard, answers: new Map(), queues: new Map(), made: new Map() },
});

/** Sends all questions of one turn of the event loop in one call; each gets its own answer, or its own error. */
function createQueue(batch: Batched['batch']): Ask {
  let waiting: { readonly question: Question; readonly answer: PromiseWithResolvers<unknown> }[] = [];
  const flush = async (): Promise<void> => {
    const asked = waiting;
    waiting = [];
    const [all] = await Promise.allSettled([batch(asked.map(({ question }) => question))]);
    asked.forEach(({ answer }, i) => {
      const result = all.status === 'rejected' ? all : all.value[i];
      if (result?.status === 'fulfilled') answer.resolve(result.value);
      else answer.reject(result?.reason);
    });
  };
  return (question) => {
    const answer = Promise.withResolvers<unknown>();
    // at the end of the turn, so that all questions that follow from one answer go in one call
    if (waiting.push({ question, answer }) === 1) setImmediate(() => void flush());
    return answer.promise;
  };
}

/** Reads all named devices in one call; each name gets its own answer. */
async function askDevices({ wg }: Host, names: readonly string[]): Promise<PromiseSettledResult<unknown>[]> {
  const found = new Map((await wg.devices(names)).map((one) => [one.name, one]));
  return names.map((name) => ({ status: 'fulfilled', value: found.get(name) }));
}

function queueOf({ host, queues }: Place, part: string, name: string): Ask {
  const which = name === 'device' ? 'device' : part;
  const known = queues.get(which);
  if (known !== undefined) return known;
  const asked: object & Partial<Batched> = part === 'host' ? host : host[part as Part];
  const queue = createQueue((questions) =>
    which === 'device'
      ? askDevices(
          host,
          questions.map(([, dev]) => String(dev)),
        )
      : (asked.batch?.(questions) ?? askEach(asked, questions)),
  );
  queues.set(which, queue);
  return queue;
}

/** @param made whether the question is about a value that was made from the answer */
function isGood({ place, read, askedAt, forgottenAt }: Answer, { began, since }: Look, made: boolean): boolean {
  const teller = tellers[read];
  const from = teller === 'events' ? (place.isHeard() ? 0 : began) : teller === 'hints' || made ? since : began;
  return forgottenAt > began && askedAt >= from;
}

/** The kept answer if it is valid for this look, else a new one. */
export function ask(place: Place, read: Read, args: readonly unknown[], look: Look): Answer {
  const ofRead = place.answers.get(read) ?? { good: new Map<string, Answer>(), ended: new Map<string, Answer>() };
  place.answers.set(read, ofRead);
  const key = JSON.stringify(args);
  const known = ofRead.good.get(key);
  const found = [known, ofRead.ended.get(key)].find((one) => one !== undefined && isGood(one, look, false));
  if (found !== undefined) return found;
  const [part = '', name = ''] = read.split('.');
  const value = queueOf(place, part, name)([name, ...args]).then((now) => compared(known, now));
  const answer: Answer = { place, read, args, value, askedAt: ++place.count.now, forgottenAt: Infinity };
  ofRead.good.set(key, answer);
  // an error is valid for its own look only
  value.catch(() => {
    end(answer);
  });
  return answer;
}

/** If the new answer differs, ends the previous answer, and with it what was made from it. */
async function compared(before: Answer | undefined, now: unknown): Promise<unknown> {
  if (before === undefined) return now;
  const [then] = await Promise.allSettled([before.value]);
  if (then.status === 'rejected' || !isSame(before.read, then.value, now)) end(before);
  return now;
}

const end = (answer: Answer): void => {
  if (answer.forgottenAt === Infinity) answer.forgottenAt = ++answer.place.count.now;
};

/** A device without its traffic counters and handshake times, which change by themselves. */
const still = ({ peers, ...rest }: WgDevice): unknown => ({
  ...rest,
  peers: peers.map((peer) => ({ ...peer, rxBytes: 0, txBytes: 0, latestHandshake: 0 })),
});

function isSame(read: Read, before: unknown, now: unknown): boolean {
  if (before === undefined || now === undefined) return before === now;
  if (read === 'netns.enter') return true; // the host of that namespace reports its own changes (snapshot.ts)
  if (read === 'wg.device') return isDeepStrictEqual(still(before as WgDevice), still(now as WgDevice));
  return isDeepStrictEqual(before, now);
}

/** Ends these answers, and with them what was made from them. A look that has already begun keeps them. */
export function forget({ answers }: Place, forgets: Forgets): void {
  for (const [read, which] of Object.entries(forgets) as [Read, Forgets[Read]][]) {
    const { good = new Map<string, Answer>(), ended } = answers.get(read) ?? {};
    if (good.size === 0) continue;
    if (which === true) ended?.clear();
    const isMeant = which as true | ((...args: readonly unknown[]) => boolean);
    for (const [key, answer] of good) {
      if (isMeant !== true && !isMeant(...answer.args)) continue;
      end(answer);
      good.delete(key);
      ended?.set(key, answer);
    }
  }
}

/** Whether a made value is still valid. A value that used no answer is as old as its look. */
function isStill({ look, uses, done }: Made, now: Look): boolean {
  if (look === now) return true;
  const isYoung = uses.size > 0 || look.began >= now.since;
  return done && isYoung && [...uses].every((use) => isGood(use, now, true));
}

/**
 * The value with this name made from `of`: the kept one if it is still valid, else a new one.
 * @param work calls `note` with each answer that it uses
 */
export function make(
  { made }: Place,
  [name, of]: readonly [name: string, of: object],
  look: Look,
  work: (note: (answer: Answer) => void) => Promise<unknown>,
): Pick<Made, 'uses' | 'value'> {
  const ofName = made.get(name) ?? new WeakMap<object, Made>();
  made.set(name, ofName);
  const known = ofName.get(of);
  if (known !== undefined && isStill(known, look)) return known;
  const uses = new Set<Answer>();
  const fresh: Made = { look, uses, done: false, value: work((answer) => uses.add(answer)) };
  ofName.set(of, fresh);
  fresh.value.then(
    () => (fresh.done = true),
    () => ofName.delete(of),
  );
  return fresh;
}
