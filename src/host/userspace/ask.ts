// Asks wireguard-go processes for their devices, over their own sockets: without starting a program, and a process that hangs
// does not delay the others.
import type { Socket } from 'node:net';
import { HostError } from '../error.ts';
import type { WgDevice } from '../types.ts';
import { parseUapi } from '../wg/parse-uapi.ts';
import { openSession, socketOf } from './device.ts';

const ANSWER_MS = 2_000;
/** a thousand peers take 400 kB */
const MAX_ANSWER = 64 * 1024 * 1024;

interface Question {
  readonly since: number;
  readonly answer: Promise<WgDevice | undefined>;
}

/**
 * DEV's device; undefined if its process ends or does not run. Throws a HostError if it hangs or its answer is invalid.
 * A process with an outstanding answer is not asked a second time (the queue of its socket would fill up), and is not waited
 * for again: calls throw the timeout at once until the answer arrives.
 */
export function createAsk(patience: number = ANSWER_MS): (dev: string) => Promise<WgDevice | undefined> {
  const owed = new Map<string, Question>();
  const begin = (dev: string): Question => {
    const answer = get(dev).finally(() => owed.delete(dev));
    answer.catch(() => undefined); // it may reject when nobody waits any more
    const question = { since: performance.now(), answer };
    owed.set(dev, question);
    return question;
  };
  return async (dev) => {
    const { since, answer } = owed.get(dev) ?? begin(dev);
    const left = since + patience - performance.now();
    const tooLate = (): HostError => silent(`ask wireguard-go ${dev}`, dev, patience);
    if (left <= 0) throw tooLate();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      // an answer that arrived while our event loop was busy is in time: it is read before an immediate runs
      timer = setTimeout(() => setImmediate(() => reject(tooLate())), left);
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
      late.catch(() => undefined);
    }
  };
}

export const silent = (operation: string, dev: string, patience: number): HostError =>
  new HostError({
    operation,
    code: 'ETIMEDOUT',
    detail: `${socketOf(dev)} accepts connections, but nothing answers within ${patience / 1000} s; if it keeps hanging, end it, and the next pass starts another: pkill -KILL -xf 'wireguard-go ${dev}'`,
  });

async function get(dev: string): Promise<WgDevice | undefined> {
  const session = await openSession(dev);
  if (session === undefined) return undefined;
  session.unref(); // a finished command does not wait for the answer
  try {
    const text = await answerOf(session, 'get=1\n\n');
    return text === undefined ? undefined : parseUapi(dev, text);
  } finally {
    session.destroy();
  }
}

/** The answer ends with an empty line. undefined if the process ends first. */
export function answerOf(session: Socket, question: string | Buffer): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = '';
    session.setEncoding('latin1');
    session.on('data', (chunk: string) => {
      text += chunk;
      if (text.endsWith('\n\n') || text.length > MAX_ANSWER) resolve(text);
    });
    session.once('close', () => resolve(text === '' ? undefined : text));
    session.write(question);
  });
}
