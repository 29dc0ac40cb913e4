// A Context whose console is two lists and whose stages a test defines.
import type { Session } from '../../src/cli/command.ts';
import type { Context } from '../../src/cli/context.ts';
import type { DaemonClient } from '../../src/daemon/client.ts';
import { HostError } from '../../src/host/error.ts';
import { makeStyle } from '../../src/cli/style.ts';
import { createFakeHost } from '../fakes/fake-host.ts';
import { model, plan, report } from './samples.ts';

export interface FakeContext extends Context, Session {
  /** the text of standard output and standard error */
  readonly stdout: () => string;
  readonly stderr: () => string;
}

const notRunning = (): Promise<never> =>
  Promise.reject(new HostError({ operation: 'GET /status', code: 'ENOENT', detail: 'no such file' }));

const nothing = (): Promise<void> => Promise.resolve();

/** The answer without a daemon. */
export const noDaemon: DaemonClient = {
  ...{
    status: notRunning,
    metrics: notRunning,
    plan: notRunning,
    reload: notRunning,
    hold: notRunning,
    resume: notRunning,
  },
  async *events() {
    return await notRunning();
  },
};

export function fakeContext(over: Partial<Context> = {}): FakeContext {
  const out: string[] = [];
  const err: string[] = [];
  const host = createFakeHost();
  const ctx: FakeContext = {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    style: makeStyle(false),
    root: true,
    host: () => host,
    readInput: () => Promise.resolve(''),
    load: () => Promise.resolve({ model: model(), diagnostics: [], text: '' }),
    makePlan: () => Promise.resolve(plan()),
    reconcile: () => Promise.resolve(report()),
    takeLock: () => Promise.resolve(() => undefined),
    home: { claim: nothing, mayUndo: nothing, forget: nothing },
    daemon: noDaemon,
    terminal: undefined,
    runDaemon: () => Promise.resolve(),
    serveInside: () => Promise.resolve(),
    become: () => undefined,
    ...over,
    stdout: () => out.join('\n'),
    stderr: () => err.join('\n'),
    open: () => Promise.resolve(ctx),
  };
  return ctx;
}
