// Drives state-source-machine.ts, which decides the model in force: reads the state file when it is complete, one read at a time.
import { loadModel } from '../config/load.ts';
import type { YamlMemory } from '../config/plain-yaml.ts';
import type { Clock } from '../host/clock.ts';
import type { Host } from '../host/types.ts';
import type { FileWatch, WatchFiles } from '../host/watch.ts';
import type { HostEnv, RouterModel } from '../model/types.ts';
import type { Earlier } from '../leak-check/reconcile-closed.ts';
import { createHostEnv, type HostEnvSource } from './host-env.ts';
import { keyFiles, keyPrint } from './key-print.ts';
import type { LastGood } from './last-good.ts';
import { createNamedTimers, createQueue, drive, type Performers } from './machine.ts';
import { firstSourceState, isOutdated, nextSource } from './state-source-machine.ts';
import type { InForce, Reading, SourceEffect, SourceEvent } from './state-source-machine.ts';
import type { Emit } from './types.ts';
import { createUnattended, type Unattended } from './unattended.ts';

export interface StateSourceOptions {
  /** absolute path of the state file */
  readonly path: string;
  readonly host: Pick<Host, 'files' | 'keys'>;
  readonly clock: Clock;
  readonly lastGood: LastGood;
  readonly probe: () => Promise<HostEnv>;
  readonly watch: WatchFiles;
  readonly emit: Emit;
  /** called when a model comes into force or a key file that it names changes; undefined: it was withdrawn, and none is in force */
  readonly onModel: (model: RouterModel | undefined, reason: 'start' | 'file') => Promise<void>;
  /** the foreign rules and routes; equal texts let the same packets cross */
  readonly othersPolicy: () => Promise<string>;
}

export interface StateSource {
  readonly model: () => RouterModel | undefined;
  /** reads the file for the first time; a bad file is not read twice if there is a last good one */
  start(): Promise<void>;
  /** reads the file as it is now, even if it looks half written */
  reload(): Promise<void>;
  /** to call when the file may have changed */
  readonly look: () => void;
  /** the model in force before the present one; undefined if the present one is already applied */
  readonly earlier: () => Earlier | undefined;
  /** the last model that was applied, fully or partly: the one in force or, while that is held back, an earlier one */
  readonly standing: () => RouterModel | undefined;
  /** @param complete whether the model in force was applied fully; its text is kept for a restart in any case */
  readonly applied: (complete: boolean) => Promise<void>;
  /** withdraws a model that opened a path: the one before is in force again, unless another model came meanwhile */
  readonly withdraw: (model: RouterModel) => Promise<void>;
  /** brings a withdrawn model into force again if the policy of others has changed; whether one is still withdrawn */
  readonly reconsider: () => Promise<boolean>;
  close(): Promise<void>;
}

interface Parts extends StateSourceOptions {
  readonly env: HostEnvSource;
  readonly memory: YamlMemory;
  readonly files: FileWatch;
  readonly send: (event: SourceEvent) => Promise<void>;
  /** runs one work at a time */
  readonly serve: (work: () => Promise<void>) => Promise<void>;
  readonly unattended: Unattended;
  readonly setTimer: (ms: number | undefined) => void;
}

export function createStateSource(options: StateSourceOptions): StateSource {
  const { path, clock, emit, watch, othersPolicy } = options;
  const queue = createQueue();
  const timers = createNamedTimers(clock, () => void send({ type: 'due' }));
  const { state, send } = drive({
    ...{ first: firstSourceState(path), next: nextSource, clock },
    perform: performers(() => parts),
  });
  const env = createHostEnv({ ...options, isClosed: () => state().closed });
  const files = watch((_path, hint) => void send({ type: 'hint', hint }));
  const { serve } = queue;
  const own = { env, files, serve, unattended: createUnattended(emit), memory: { entries: new Map() } };
  const parts: Parts = { ...options, ...own, send, setTimer: (ms) => timers.set('read', ms) };
  return {
    start: () => serve(() => start(parts)),
    model: () => state().inForce?.model,
    look: () => void send({ type: 'hint', hint: 'replaced' }),
    reload: () => serve(() => reload(parts)),
    earlier() {
      const { inForce, applied } = state();
      return inForce?.model.generation === applied?.model.generation ? undefined : { model: applied?.model };
    },
    standing: () => state().standing,
    applied: (complete) => send({ type: 'applied', complete }),
    withdraw: (model) => serve(async () => send({ type: 'withdraw', model, policy: await othersPolicy() })),
    async reconsider() {
      void send({ type: 'pass', lacksBird: env.lacksBird() });
      const policy = state().withdrawn === undefined ? '' : await othersPolicy();
      if (isOutdated(state(), policy)) await serve(() => send({ type: 'policy', policy }));
      return state().withdrawn !== undefined;
    },
    async close() {
      await send({ type: 'close' });
      await files.close();
      await queue.over();
    },
  };
}

/** @param parts available by the time of the first effect */
function performers(parts: () => Parts): Performers<SourceEffect> {
  return {
    timer: ({ ms }) => parts().setTimer(ms),
    read: ({ doubted }) => parts().unattended('read the state file', () => readWhole(parts(), doubted)),
    'ask-bird': () => parts().unattended('ask bird for its version', () => askForBird(parts())),
    emit: ({ event }) => parts().emit(event),
    watch: ({ models }) => parts().files.set([...new Set([parts().path, ...models.flatMap(keyFiles)])]),
    model: ({ model, reason }) => parts().onModel(model, reason),
    keep: ({ text }) => parts().lastGood.keep(text),
  };
}

async function read({ path, host, env, memory }: Parts): Promise<Reading> {
  const loaded = await loadModel(path, host.files, await env.get(), (file) => host.keys.publicKeyOf(file), memory);
  return { ...loaded, keys: loaded.model === undefined ? '' : await keyPrint(loaded.model, host) };
}

/** Retries if the host cannot be asked now. */
async function readWhole(parts: Parts, doubted: string | undefined): Promise<void> {
  const { send, serve } = parts;
  try {
    await serve(async () => send({ type: 'read', by: 'timer', reading: await read(parts), doubted }));
  } catch (error) {
    await send({ type: 'failed' });
    throw error;
  }
}

async function reload(parts: Parts): Promise<void> {
  const { send, env } = parts;
  await send({ type: 'reload' });
  env.forget();
  await send({ type: 'read', by: 'reload', reading: await read(parts) });
}

/** Asks for BIRD's version; if it is known now, the model may change, and the file is read again. */
async function askForBird(parts: Parts): Promise<void> {
  const { send, serve, env } = parts;
  const work = async (): Promise<void> => {
    if (!(await env.foundBird())) return;
    await send({ type: 'bird-told' });
    await send({ type: 'read', by: 'bird', reading: await read(parts) });
  };
  await serve(work).finally(() => send({ type: 'bird-asked' }));
}

async function start(parts: Parts): Promise<void> {
  const { path, host, env, files, lastGood, send } = parts;
  files.set([path]);
  const found = await env.atLast();
  const reading = await read(parts);
  const holds = reading.model !== undefined && (await lastGood.holds(reading.text));
  const model = holds ? undefined : await lastGood.load(path, found);
  const before: InForce | undefined = model && { model, text: undefined, keys: await keyPrint(model, host) };
  await send({ type: 'started', reading, holds, before });
}
