// The model in force: from the state file where that is good, else the one before; at a start with a bad file, the last one
// that was applied. A file that changes is read once it is whole. One that was withdrawn is not taken again until it, or what
// others say of where packets go, has changed.
import { loadModel, type LoadedModel } from '../config/load.ts';
import type { Diagnostic } from '../config/diagnostic.ts';
import type { Clock } from '../host/clock.ts';
import type { Host } from '../host/types.ts';
import type { FileHint, WatchFiles } from '../host/watch.ts';
import type { HostEnv, RouterModel } from '../model/types.ts';
import type { Earlier } from '../leak-check/reconcile-closed.ts';
import { keyFiles, keyPrint } from './key-print.ts';
import type { LastGood } from './last-good.ts';
import type { Emit } from './types.ts';
import { AGAIN_MS, createHostEnv } from './host-env.ts';
import { createUnattended } from './unattended.ts';

/** Quiet time after which a file that was renamed or linked into place is read: nobody writes into it any more. */
const REPLACED_MS = 10;
/** Quiet time after a write in place: an editor writes its pieces without a pause. */
const WRITTEN_MS = 150;
/** A file that looks half written (an error in it, no newline at its end, missing) must look so twice, this far apart. */
const DOUBTFUL_MS = 500;

/** In place of errors: nobody has written the file yet. */
const AWAITED = 'awaited';

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
  readonly applied: (whole: boolean) => Promise<void>;
  /** the model opened a path: the one before is in force again, unless another came meanwhile */
  readonly withdraw: (model: RouterModel) => Promise<void>;
  /** takes what was withdrawn into force again where others have changed their mind; whether something still is withdrawn */
  readonly reconsider: () => Promise<boolean>;
  close(): Promise<void>;
}

const errorsOf = (diagnostics: readonly Diagnostic[]): Diagnostic[] =>
  diagnostics.filter(({ severity }) => severity === 'error');

/** Half a file may be valid YAML, but it hardly ever ends where a line does. */
const looksHalf = ({ model, text }: LoadedModel): boolean => model === undefined || !text.endsWith('\n');

interface InForce {
  readonly model: RouterModel;
  /** undefined for the last good text of an earlier run */
  readonly text: string | undefined;
  readonly keys: string;
}

export function createStateSource(options: StateSourceOptions): StateSource {
  const { path, host, clock, lastGood, probe, watch, emit, onModel, othersPolicy } = options;
  const files = watch((_path, hint) => wait(hint));
  let inForce: InForce | undefined;
  /** in force when all of it was applied last */
  let applied: InForce | undefined;
  let standing: RouterModel | undefined;
  let withdrawn: (InForce & { readonly policy: string }) | undefined;
  let started = false;
  let closed = false;
  let asksForBird = false;
  /** the host tells what it did not tell when the file was read */
  let renewed = false;
  /** the state that a bad file is no hindrance to; read at the start alone */
  let before: RouterModel | undefined;
  let badness = '';
  let cancel: () => void = () => undefined;
  let due = 0;
  let busy: Promise<void> = Promise.resolve();

  const unattended = createUnattended(emit);

  const env = createHostEnv({ probe, clock, emit, isClosed: () => closed });

  const load = async (): Promise<LoadedModel> =>
    loadModel(path, host.files, await env.get(), (file) => host.keys.publicKeyOf(file));

  function wait(hint: FileHint): void {
    due = Math.max(due, clock.ticks() + (hint === 'replaced' ? REPLACED_MS : WRITTEN_MS));
    cancel();
    cancel = clock.after(due - clock.ticks(), () => later(() => read(undefined)));
  }

  /** One reading after the other. */
  function serve(work: () => Promise<void>): Promise<void> {
    busy = busy.then(work, work);
    return busy;
  }

  /** Nobody waits for it; where the host cannot be asked now, it is asked again. */
  function later(work: () => Promise<void>): void {
    unattended('read the state file', async () => {
      try {
        await serve(work);
      } catch (error) {
        cancel();
        if (!closed) cancel = clock.after(AGAIN_MS, () => later(() => read(undefined)));
        throw error;
      }
    });
  }

  /** Whether BIRD tells by now which it is; then the model may be another one. Nobody waits for it. */
  function askForBird(): void {
    if (!env.lacksBird() || asksForBird) return;
    asksForBird = true;
    const work = async (): Promise<void> => {
      renewed = await env.foundBird();
      if (renewed) await accept(await load());
    };
    unattended('ask bird for its version', () => serve(work).finally(() => (asksForBird = false)));
  }

  /** @param doubted a text that looked half when it was read before */
  async function read(doubted: string | undefined): Promise<void> {
    const loaded = await load();
    if (looksHalf(loaded) && loaded.text !== doubted) {
      cancel();
      cancel = clock.after(DOUBTFUL_MS, () => later(() => read(loaded.text)));
      return;
    }
    await accept(loaded);
  }

  /** @param again somebody asked for it, and wants to read the errors again */
  async function accept({ model, diagnostics, text }: LoadedModel, again = false): Promise<void> {
    if (model === undefined) {
      refuse(errorsOf(diagnostics), text, again);
      return;
    }
    if (badness !== '' && badness !== AWAITED) emit({ type: 'state-mended', generation: model.generation });
    badness = '';
    const keys = await keyPrint(model, host);
    if (withdrawn?.text === text && withdrawn.keys === keys) return;
    const news = withdrawn !== undefined || inForce?.text !== text || inForce.keys !== keys || renewed;
    renewed = false;
    withdrawn = undefined;
    if (inForce?.text !== text) emit({ type: 'state-loaded', generation: model.generation, source: 'file' });
    inForce = { model, text, keys };
    files.set([path, ...keyFiles(model)]);
    if (news) await onModel(model, started ? 'file' : 'start');
  }

  function refuse(diagnostics: readonly Diagnostic[], text: string, again: boolean): void {
    const awaited = inForce === undefined && before === undefined && diagnostics[0]?.code === 'file-missing';
    const same = awaited ? AWAITED : JSON.stringify(diagnostics);
    if (same === badness && !again) return;
    badness = same;
    emit(awaited ? { type: 'state-awaited', file: path } : { type: 'state-bad', diagnostics, text });
  }

  async function resume(model: RouterModel): Promise<void> {
    inForce = applied = await fromLastGood(model);
    files.set([path, ...keyFiles(model)]);
    emit({ type: 'state-loaded', generation: model.generation, source: 'last-good' });
    await onModel(model, 'start');
  }

  const fromLastGood = async (model: RouterModel): Promise<InForce> => ({
    ...{ model, text: undefined },
    keys: await keyPrint(model, host),
  });

  async function takeAgain(): Promise<void> {
    if (withdrawn === undefined) return;
    inForce = withdrawn;
    withdrawn = undefined;
    const { model } = inForce;
    emit({ type: 'state-loaded', generation: model.generation, source: 'file' });
    await onModel(model, 'file');
  }

  return {
    start: () =>
      serve(async () => {
        files.set([path]);
        const found = await env.atLast();
        const loaded = await load();
        const holds = loaded.model !== undefined && (await lastGood.holds(loaded.text));
        before = holds ? undefined : await lastGood.load(path, found);
        applied = before && (await fromLastGood(before));
        standing = holds ? loaded.model : before;
        await accept(loaded);
        if (holds) applied = inForce;
        if (inForce === undefined && before !== undefined) await resume(before);
        started = true;
      }),
    model: () => inForce?.model,
    look: () => wait('replaced'),
    reload: () =>
      serve(async () => {
        cancel();
        env.forget();
        if (withdrawn !== undefined) withdrawn = { ...withdrawn, text: undefined }; // and another try
        await accept(await load(), true);
      }),
    earlier: () => (inForce?.model.generation === applied?.model.generation ? undefined : { model: applied?.model }),
    standing: () => standing,
    async applied(whole) {
      if (whole) applied = inForce;
      standing = inForce?.model;
      if (inForce?.text !== undefined) await lastGood.keep(inForce.text);
    },
    withdraw: (model) =>
      serve(async () => {
        if (inForce?.model !== model) return;
        withdrawn = { ...inForce, policy: await othersPolicy() };
        inForce = applied;
        const back = inForce?.model;
        standing = back;
        files.set([...new Set([path, ...keyFiles(model), ...(back ? keyFiles(back) : [])])]);
        emit({ type: 'state-withdrawn', generation: model.generation, back: back?.generation });
        await onModel(back, 'file');
      }),
    async reconsider() {
      askForBird();
      if (withdrawn !== undefined && (await othersPolicy()) !== withdrawn.policy) await serve(takeAgain);
      return withdrawn !== undefined;
    },
    async close() {
      closed = true;
      cancel();
      await files.close();
      await busy.catch(() => undefined); // whoever began it was told
    },
  };
}
