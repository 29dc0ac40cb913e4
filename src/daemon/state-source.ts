// The model in force, as state-source-machine.ts says: reads the state file when it is whole, one reading after the other.
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
  /** a model came into force, or a key file that it names changed; undefined: the one in force was withdrawn, and none is */
  readonly onModel: (model: RouterModel | undefined, reason: 'start' | 'file') => Promise<void>;
  /** equal texts: what others let through is the same */
  readonly othersPolicy: () => Promise<string>;
}

export interface StateSource {
  readonly model: () => RouterModel | undefined;
  /** reads the file for the first time; a bad one has no second chance to look better, as long as there is a last good one */
  start(): Promise<void>;
  /** reads the file as it is now, whether or not it looks whole */
  reload(): Promise<void>;
  /** a hint that the file may have changed */
  readonly look: () => void;
  /** what was in force before the model that is; undefined where that one was applied already */
  readonly earlier: () => Earlier | undefined;
  /** what was last let do something on this host, whole or in part: the model in force or, while that is held back, one before */
  readonly standing: () => RouterModel | undefined;
  /** @param whole nothing of the model in force is left to do; its text is kept for a restart in any case */
  readonly applied: (complete: boolean) => Promise<void>;
  /** the model opened a path: the one before is in force again, unless another came meanwhile */
  readonly withdraw: (model: RouterModel) => Promise<void>;
  /** takes what was withdrawn into force again where others have changed their mind; whether something still is withdrawn */
  readonly reconsider: () => Promise<boolean>;
  close(): Promise<void>;
}

interface Parts extends StateSourceOptions {
  readonly env: HostEnvSource;
  readonly memory: YamlMemory;
  readonly files: FileWatch;
  readonly send: (event: SourceEvent) => Promise<void>;
  /** one after the other */
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

/** @param parts they are there when there is something to do */
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

/** Where the host cannot be asked now, it is asked again. */
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

/** Whether BIRD tells by now which it is; then the model may be another one. */
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
