// The Context that is this process and this machine.
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { WriteStream } from 'node:tty';
import { loadModel } from '../config/load.ts';
import { createDaemonClient } from '../daemon/client.ts';
import { standingModel } from '../daemon/standing.ts';
import { makeWholePlan } from '../engine/reconcile.ts';
import { become } from '../host/become.ts';
import { createHomeNamespace } from '../host/home-namespace.ts';
import { createLinuxHost } from '../host/linux.ts';
import { takeLock } from '../host/lock.ts';
import { serveInside } from '../host/netns/serve-inside.ts';
import { probeEnv } from '../host/probe.ts';
import type { Host } from '../host/types.ts';
import { leakConditions } from '../leak-check/leak-conditions.ts';
import { reconcileClosed } from '../leak-check/reconcile-closed.ts';
import type { RouterModel } from '../model/types.ts';
import { resources } from '../resources/index.ts';
import type { Context, Loaded } from './context.ts';
import { asOrdinaryUser } from './ordinary-user.ts';
import { startDaemon } from './start-daemon.ts';
import { makeStyle, wantsColour } from './style.ts';
import { terminalOf } from './terminal.ts';
import { version } from './version.ts';

/** A reader that went away (`wgospf plan | head -1`) must not end an apply half-way: what it does not want is dropped. */
function writerTo(stream: WriteStream): (text: string) => void {
  let open = true;
  stream.on('error', () => (open = false));
  return (line) => {
    if (open) stream.write(`${line}\n`);
  };
}

/** Relative key files start from the state file's folder, so it is looked up whole; diagnostics show it as it was typed. */
async function load(host: Host, file: string, root: boolean): Promise<Loaded> {
  const path = resolve(file);
  const own = { files: host.files, publicKeyOf: (key: string) => host.keys.publicKeyOf(key) };
  const { files, publicKeyOf } = root ? own : asOrdinaryUser(host, path);
  const loaded = await loadModel(path, files, await probeEnv(host), publicKeyOf);
  return { ...loaded, diagnostics: loaded.diagnostics.map((d) => ({ ...d, file })) };
}

const standing = async (host: Host, model: RouterModel | undefined): Promise<RouterModel | undefined> =>
  model && standingModel(host, model);

export interface OwnContext extends Context {
  /** gives the host back, where one was made */
  readonly close: () => void;
}

export function createContext(process: NodeJS.Process): OwnContext {
  const { stdin, stdout, stderr, env, geteuid } = process;
  let made: Host | undefined;
  const host = (): Host => (made ??= createLinuxHost());
  const root = geteuid?.() === 0;
  return {
    out: writerTo(stdout),
    err: writerTo(stderr),
    style: makeStyle(wantsColour(stdout.isTTY, env)),
    root,
    host,
    readInput: () => text(stdin),
    load: (file) => load(host(), file, root),
    async makePlan(model, options) {
      const stood = await standing(host(), model);
      return makeWholePlan(host(), resources, model, { ...options, standing: stood, inspect: leakConditions });
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
    runDaemon: (start) => startDaemon(host(), start, writerTo(stdout)),
    serveInside: (socket) => serveInside({ socket, version }),
    become,
    close: () => made?.close(),
  };
}
