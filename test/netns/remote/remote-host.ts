// The real Host of a namespace, called from a test outside of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Question } from '../../../src/host/batch.ts';
import { HostError } from '../../../src/host/error.ts';
import type { KernelEvent, Touch } from '../../../src/host/monitor-types.ts';
import type { ProbedEnv } from '../../../src/host/probe.ts';
import type { RunOptions } from '../../../src/host/processes.ts';
import type { Host } from '../../../src/host/types.ts';
import type { Namespace } from '../lab/namespace.ts';
import type { Call, Reply } from './protocol.ts';

/** What travels as JSON; `notes.all` does not. */
type Parts = Pick<
  Host,
  'rtnl' | 'wg' | 'keys' | 'sysctl' | 'nft' | 'files' | 'bird' | 'birdSecrets' | 'resolveName' | 'netns'
>;

export interface RemoteHost extends Parts {
  /** taken, it is kept until the agent ends */
  takeLock(): Promise<void>;
  probeEnv(): Promise<ProbedEnv>;
  run(command: string, args: readonly string[], options?: RunOptions): Promise<string>;
  /** programs that it has started */
  forks(): Promise<number>;
  setPath(path: string): Promise<void>;
  /** events of a named network namespace, and what they touch, while a script runs outside of it */
  insideEvents(name: string, script: string): Promise<{ heard: KernelEvent[]; touches: Touch[] }>;
  /** all that its errors told, for whoever looks for secrets in it */
  received(): string;
  /** ends the agent by the end of its input */
  end(): Promise<void>;
}

/** Starts an agent in the namespace. Calls are answered one after the other. */
export function remoteHost(ns: Namespace): RemoteHost {
  const agent = join(import.meta.dirname, 'agent.ts');
  // a session of its own: its process group can be killed as a terminal would
  const child = spawn('nsenter', [...ns.enter.slice(1), 'setsid', process.execPath, agent], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let received = '';
  let last = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, value, error } = JSON.parse(line) as Reply;
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) return call?.resolve(value);
    received += error.text;
    call?.reject(error.parts === undefined ? new Error(error.text) : new HostError(error.parts));
  });
  child.once('exit', () => {
    for (const call of waiting.values()) call.reject(new Error('the agent in the namespace ended'));
  });

  const send = (path: string[], args: unknown[], inside?: string): Promise<unknown> => {
    const call: Call = { id: ++last, path, args, ...(inside === undefined ? {} : { inside }) };
    const answer = Promise.withResolvers<unknown>();
    waiting.set(call.id, answer);
    child.stdin.write(`${JSON.stringify(call)}\n`);
    return answer.promise;
  };
  const list = (): Promise<unknown> => send(['netns', 'list'], []);
  const enter = async (name: string): Promise<unknown> => {
    const names = (await list()) as string[];
    return names.includes(name) ? proxy([], (path, args) => send(path, args, name), {}) : undefined;
  };
  const own = {
    netns: {
      list,
      enter,
      add: (name: string) => send(['netns', 'add'], [name]),
      delete: (name: string) => send(['netns', 'delete'], [name]),
    },
    received: () => received,
    end: async () => {
      child.stdin.end();
      await ended;
    },
  };
  return proxy([], send, own) as RemoteHost;
}

/** A function of any depth of names that sends its call; `own` are answered here. */
function proxy(path: string[], send: (path: string[], args: unknown[]) => Promise<unknown>, own: object): unknown {
  return new Proxy(() => undefined, {
    get: (_, name) => {
      if (typeof name !== 'string' || name === 'then') return undefined;
      // it answers at once, which a call over a pipe cannot
      if (path[0] === 'bird' && name === 'fault') return undefined;
      // an Error in an answer does not travel: each question by itself
      if (name === 'batch')
        return (questions: readonly Question[]) =>
          Promise.allSettled(questions.map(([read, ...args]) => send([...path, read], args)));
      const answeredHere = path.length === 0 && name in own;
      return answeredHere ? (Reflect.get(own, name) as unknown) : proxy([...path, name], send, own);
    },
    apply: (_, __, args: unknown[]) => send(path, args),
  });
}
