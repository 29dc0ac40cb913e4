// The Context of this process and this machine. The daemon and the part inside load everything at their start.
import { text } from 'node:stream/consumers';
import { createDaemonClient } from '../daemon/client.ts';
import { standingModel } from '../daemon/standing.ts';
import { makeWholePlan } from '../engine/reconcile.ts';
import { become } from '../host/become.ts';
import { createHomeNamespace } from '../host/home-namespace.ts';
import { createLinuxHost } from '../host/linux.ts';
import { takeLock } from '../host/lock.ts';
import { takeSnapshot } from '../host/snapshot.ts';
import type { Host } from '../host/types.ts';
import { leakConditions } from '../leak-check/leak-conditions.ts';
import { reconcileClosed } from '../leak-check/reconcile-closed.ts';
import type { RouterModel } from '../model/types.ts';
import { resources } from '../resources/index.ts';
import type { Console, Context } from './context.ts';
import { loadFile } from './load-file.ts';
import { terminalOf } from './terminal.ts';
import { version } from './version.ts';

const standing = async (host: Host, model: RouterModel | undefined): Promise<RouterModel | undefined> =>
  model && standingModel(host, model);

export interface OwnContext extends Context {
  /** closes the host, if one was made */
  readonly close: () => void;
}

export function createContext(process: NodeJS.Process, console: Console): OwnContext {
  const { stdin, stdout, geteuid } = process;
  let made: Host | undefined;
  const host = (): Host => (made ??= createLinuxHost());
  const root = geteuid?.() === 0;
  let input: Promise<string> | undefined;
  const readInput = (): Promise<string> => (input ??= text(stdin));
  return {
    ...console,
    root,
    host,
    readInput,
    load: (file) => loadFile(host(), file, { root, readInput }),
    async makePlan(model, { adopt, on = takeSnapshot(host()) }) {
      const stood = await standing(host(), model);
      return makeWholePlan(on, resources, model, { adopt, standing: stood, inspect: leakConditions });
    },
    async reconcile(model, { earlier, ...options }) {
      const stood = await standing(host(), model);
      const { report } = await reconcileClosed(host(), resources, model, { ...options, earlier, standing: stood });
      return report;
    },
    takeLock: (as) => takeLock(as),
    home: createHomeNamespace(),
    daemon: createDaemonClient(root),
    terminal: terminalOf(process),
    async runDaemon({ format = stdout.isTTY ? 'plain' : 'journal', ...start }) {
      const { startDaemon } = await import('./start-daemon.ts');
      return startDaemon(host(), { format, ...start }, console.out);
    },
    async serveInside(socket) {
      const { serveInside } = await import('../host/netns/serve-inside.ts');
      return serveInside({ socket, version });
    },
    become,
    close: () => made?.close(),
  };
}
