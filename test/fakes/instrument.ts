// Turns a part of the fake, written as plain functions, into the host's promises, and shows every call to a fault plan.
import { cloneAnswer } from './clone-answer.ts';

/** The same interface with plain values instead of promises. */
export type Sync<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => Promise<infer R> ? (...args: A) => R : T[K];
};

export interface FakeCall {
  /** `rtnl.addRule` */
  readonly name: string;
  readonly args: readonly unknown[];
  /** changes the host (or would have, had it not failed) */
  readonly write: boolean;
}

const reads = new Set([
  ...[
    'rtnl.links',
    'rtnl.addresses',
    'rtnl.routes',
    'rtnl.rules',
    'rtnl.lookUp',
    'rtnl.supportsLinkKind',
    'rtnl.close',
  ],
  ...[
    'wg.devices',
    'wg.userspaceDevices',
    'keys.publicKeyOf',
    'keys.digestOf',
    'sysctl.read',
    'files.read',
    'files.list',
    'files.stat',
    'files.link',
    'nft.list',
  ],
  ...[
    'bird.check',
    'bird.checkText',
    'bird.ask',
    'bird.group',
    'birdSecrets.state',
    'bird.version',
    'notes.all',
    'host.resolveName',
  ],
  'netns.list',
]);

/** Commands that change BIRD; `configure check` does not. */
function isWrite(name: string, args: readonly unknown[]): boolean {
  if (name !== 'bird.command') return !reads.has(name.replace(/^inside\./, ''));
  return /^(enable|disable|configure)\b(?! check)/.test(String(args[1]));
}

/** Called before (and after) the effect of a call; throws to make the call fail. */
export interface CallWatch {
  before(call: FakeCall): void;
  after(call: FakeCall): void;
}

/** `part` with every function made asynchronous: the effect happens at the call, the answer is a promise. */
export function instrument<T extends object>(area: string, part: Sync<T>, watch: CallWatch): T {
  const wrap =
    (key: string, run: (...args: unknown[]) => unknown) =>
    (...args: unknown[]): Promise<unknown> => {
      const name = `${area}.${key}`;
      const call = { name, args, write: isWrite(name, args) };
      try {
        watch.before(call);
        const answer = run(...args);
        watch.after(call);
        return Promise.resolve(cloneAnswer(answer));
      } catch (error) {
        return Promise.reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
  const entries = Object.entries(part) as [string, (...args: unknown[]) => unknown][];
  return Object.fromEntries(entries.map(([key, run]) => [key, wrap(key, run)])) as unknown as T;
}
