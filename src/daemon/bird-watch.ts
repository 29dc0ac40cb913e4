// BIRD's life, asked on its control socket every few seconds and seen in its file: down, up again, another version, hanging,
// or given another configuration by hand. What needs a pass asks for one.
import type { Clock } from '../host/clock.ts';
import { parseStatus } from '../host/bird/parse/status.ts';
import { isHostError, UNSAFE_FILE } from '../host/error.ts';
import type { Host } from '../host/types.ts';
import type { WatchFiles } from '../host/watch.ts';
import type { RouterModel } from '../model/types.ts';
import { desiredBird } from '../resources/bird/desired.ts';
import { GENERATION_QUESTION, valueIn } from '../resources/bird/configure.ts';
import { CONF_MODE, type BirdSpec } from '../resources/bird/spec.ts';
import type { BirdGuard } from './bird-guard.ts';
import type { Emit, Trigger } from './types.ts';
import { troubleEvent } from './unattended.ts';

const POLL_MS = 5_000;
/** a BIRD that takes longer for `show status` counts as hanging */
const ANSWER_MS = 3_000;
/** a file in the hands of an editor is left alone for so long */
const FILE_QUIET_MS = 100;

export interface BirdWatchOptions {
  readonly host: Pick<Host, 'bird' | 'files'>;
  readonly guard: Pick<BirdGuard, 'isSilent' | 'setSilent'>;
  readonly clock: Clock;
  readonly watch: WatchFiles;
  readonly emit: Emit;
  readonly trigger: (trigger: Trigger) => void;
}

export interface BirdWatch {
  setModel(model: RouterModel | undefined): void;
  close(): Promise<void>;
}

interface Seen {
  readonly state: 'up' | 'down' | 'silent';
  /** `2.0.12` */
  readonly version: string | undefined;
  /** changes with a restart and with every configuration that is taken */
  readonly incarnation: string;
}

export function createBirdWatch({ host, guard, clock, watch, emit, trigger }: BirdWatchOptions): BirdWatch {
  const files = watch(() => fileTouched());
  let wanted: BirdSpec | undefined;
  let seen: Seen | undefined;
  /** the wrong mode and text that a pass was asked for last, '' for none */
  let askedFor = '';
  let closed = false;
  let cancelPoll: () => void = () => undefined;
  let cancelFile: () => void = () => undefined;
  let busy: Promise<void> = Promise.resolve();

  const ask = (): void => trigger({ reason: 'bird', at: clock.ticks() });

  /** Once at a time; `wanted` is looked at after the answer, for the model may have changed meanwhile. */
  function serve(work: () => Promise<void>): void {
    busy = busy.then(work).catch((error: unknown) => {
      // what cannot be read now is read by the next pass
      if (!isHostError(error)) emit(troubleEvent('watch BIRD', error));
    });
  }

  function pollLater(): void {
    cancelPoll = clock.after(POLL_MS, () => {
      serve(poll);
      if (!closed) pollLater();
    });
  }

  async function poll(): Promise<void> {
    if (wanted === undefined || closed) return;
    const { socket } = wanted;
    const now = await look(host, socket);
    const before = seen;
    seen = now;
    const passedOver = guard.isSilent(socket) && now.state === 'up';
    guard.setSilent(socket, now.state === 'silent');
    const changed = before?.state !== now.state || before.version !== now.version;
    if (changed && (before !== undefined || now.state !== 'up')) {
      emit({ type: 'bird', state: now.state, version: now.version });
    }
    if (before === undefined) return; // the pass that brought the model asks for itself
    if (now.state !== before.state || passedOver) ask();
    else if (now.incarnation !== before.incarnation && !(await runs(host, wanted))) ask();
  }

  function fileTouched(): void {
    cancelFile();
    cancelFile = clock.after(FILE_QUIET_MS, () => serve(compareFile));
  }

  async function compareFile(): Promise<void> {
    if (wanted === undefined || closed) return;
    const found = await fileState(wanted.path);
    const right = found === `${CONF_MODE} ${wanted.text}`;
    // A file that BIRD refuses is put back as it was, which is no news: the loop's own retries see to it.
    if (!right && found !== askedFor) ask();
    askedFor = right ? '' : found;
  }

  /** What another put in place of the file is news as well. */
  async function fileState(path: string): Promise<string> {
    try {
      const [text, stat] = await Promise.all([host.files.read(path), host.files.stat(path)]);
      return `${stat?.mode ?? 'missing'} ${text ?? ''}`;
    } catch (error) {
      if (isHostError(error, UNSAFE_FILE)) return error.message;
      throw error;
    }
  }

  pollLater();
  return {
    setModel(model) {
      const before = wanted;
      wanted = model && desiredBird(model)[0]?.spec;
      if (wanted?.socket !== before?.socket) seen = undefined;
      if (wanted !== undefined) files.set([wanted.path]);
      if (seen === undefined) serve(poll);
    },
    async close() {
      closed = true;
      cancelPoll();
      cancelFile();
      await files.close();
      await busy;
    },
  };
}

async function look(host: Pick<Host, 'bird'>, socket: string): Promise<Seen> {
  try {
    const { version, lastReboot, lastReconfiguration } = parseStatus(
      await host.bird.ask(socket, 'show status', ANSWER_MS),
    );
    return { state: 'up', version: version?.text, incarnation: `${lastReboot} ${lastReconfiguration}` };
  } catch (error) {
    if (!isHostError(error)) throw error;
    const state = isHostError(error, 'ENOENT', 'ECONNREFUSED') ? 'down' : 'silent';
    return { state, version: undefined, incarnation: '' };
  }
}

/** Whether the running BIRD has the configuration that the model wants. */
async function runs(host: Pick<Host, 'bird'>, { socket, running }: BirdSpec): Promise<boolean> {
  return valueIn(await host.bird.ask(socket, GENERATION_QUESTION, ANSWER_MS)) === running;
}
