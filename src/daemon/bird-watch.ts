// Watches BIRD: asks it at each beat and when its control socket appears or disappears, and watches its file. Detects that BIRD is
// down, up again, hanging, of another version, or configured by hand. Requests a pass if one is needed.
import type { Clock } from '../host/clock.ts';
import { parseStatus } from '../host/bird/parse/status.ts';
import { isHostError, UNSAFE_FILE } from '../host/error.ts';
import type { BirdReply, Host } from '../host/types.ts';
import type { WatchFiles } from '../host/watch.ts';
import type { RouterModel } from '../model/types.ts';
import { desiredBird } from '../resources/bird/desired.ts';
import { GENERATION_QUESTION, valueIn } from '../resources/bird/configure.ts';
import { CONF_MODE, type BirdSpec } from '../resources/bird/spec.ts';
import type { Beat } from './beat.ts';
import type { BirdGuard } from './bird-guard.ts';
import { createNamedTimers, createQueue } from './machine.ts';
import type { Emit, Trigger } from './types.ts';
import { troubleEvent } from './unattended.ts';

/** no event reports that BIRD hangs */
const POLL_MS = 10_000;
/** a BIRD that takes longer for `show status` counts as hanging */
const ANSWER_MS = 3_000;
/** pause after a change: an editor may still write the file, and a new socket may not have a listener yet */
const QUIET_MS = 100;

export interface BirdWatchOptions {
  readonly host: Pick<Host, 'bird' | 'files'>;
  readonly guard: Pick<BirdGuard, 'isSilent' | 'setSilent'>;
  readonly clock: Clock;
  readonly beat?: Beat;
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
  /** changes with a restart of BIRD and with every reconfiguration */
  readonly incarnation: string;
}

export function createBirdWatch(options: BirdWatchOptions): BirdWatch {
  const { clock, beat = clock.after, watch, emit, trigger } = options;
  const ask = (): void => trigger({ reason: 'bird', at: clock.ticks() });
  const queue = createQueue();
  const quiet = createNamedTimers<'file' | 'socket'>(clock, (name) => serve(name === 'file' ? compareFile : life.look));
  const files = watch((path) => quiet.set(path === wanted?.socket ? 'socket' : 'file', QUIET_MS));
  const isNews = createFileNews(options.host);
  const life = createLife(options, ask);
  const compareFile = async (spec: BirdSpec): Promise<void> => ((await isNews(spec)) ? ask() : undefined);
  const stopPolling = repeat(beat, () => serve(life.look));
  let wanted: BirdSpec | undefined;
  let closed = false;

  /** Runs one work at a time. */
  function serve(work: (wanted: BirdSpec) => Promise<void>): void {
    queue
      .serve(async () => (wanted === undefined || closed ? undefined : work(wanted)))
      .catch((error: unknown) => {
        // the next pass reads what cannot be read now
        if (!isHostError(error)) emit(troubleEvent('watch BIRD', error));
      });
  }

  return {
    setModel(model) {
      const before = wanted;
      wanted = model && desiredBird(model)[0]?.spec;
      if (wanted !== undefined) files.set([wanted.path, wanted.socket]);
      if (wanted?.socket !== before?.socket) life.forget();
      if (!life.isKnown()) serve(life.look);
    },
    async close() {
      closed = true;
      stopPolling();
      quiet.stop();
      await files.close();
      await queue.over();
    },
  };
}

interface Life {
  readonly look: (wanted: BirdSpec) => Promise<void>;
  isKnown(): boolean;
  forget(): void;
}

/** Keeps BIRD's state at the last look; reports a change, and requests a pass. */
function createLife({ host, guard, emit }: Pick<BirdWatchOptions, 'host' | 'guard' | 'emit'>, ask: () => void): Life {
  let seen: Seen | undefined;
  return {
    look: async (wanted) => {
      const { socket } = wanted;
      const now = await look(host, socket);
      const before = seen;
      seen = now;
      const passedOver = guard.isSilent(socket) && now.state === 'up';
      guard.setSilent(socket, now.state === 'silent');
      if (isTold(before, now)) emit({ type: 'bird', state: now.state, version: now.version });
      if (before === undefined) return; // the pass to the new model asks BIRD itself
      if (now.state !== before.state || passedOver) ask();
      else if (now.incarnation !== before.incarnation && !(await runs(host, wanted))) ask();
    },
    isKnown: () => seen !== undefined,
    forget: () => void (seen = undefined),
  };
}

function repeat(after: Beat, run: () => void): () => void {
  let cancel = after(POLL_MS, again);
  function again(): void {
    cancel = after(POLL_MS, again);
    run();
  }
  return () => cancel();
}

/** Whether to report the state: not if BIRD is up at the first look, as expected. */
const isTold = (before: Seen | undefined, now: Seen): boolean =>
  (before?.state !== now.state || before.version !== now.version) && (before !== undefined || now.state !== 'up');

/** Tells whether the file differs from the desired one, and from the file for which a pass was last requested. */
function createFileNews({ files }: Pick<Host, 'files'>): (wanted: BirdSpec) => Promise<boolean> {
  /** the wrong mode and text for which a pass was last requested, '' for none */
  let askedFor = '';

  /** The mode and text of the file. An unsafe file in its place has its error as state, so it counts as a change too. */
  async function fileState(path: string): Promise<string> {
    try {
      const [text, stat] = await Promise.all([files.read(path), files.stat(path)]);
      return `${stat?.mode ?? 'missing'} ${text ?? ''}`;
    } catch (error) {
      if (isHostError(error, UNSAFE_FILE)) return error.message;
      throw error;
    }
  }

  return async ({ path, text }) => {
    const found = await fileState(path);
    const isRight = found === `${CONF_MODE} ${text}`;
    // If BIRD refuses a file, the earlier one is restored. That requests no pass: the loop retries by itself.
    const isNews = !isRight && found !== askedFor;
    askedFor = isRight ? '' : found;
    return isNews;
  };
}

const question = ({ bird }: Pick<Host, 'bird'>, socket: string, text: string): Promise<BirdReply> =>
  bird.poll?.(socket, text, ANSWER_MS) ?? bird.ask(socket, text, ANSWER_MS);

async function look(host: Pick<Host, 'bird'>, socket: string): Promise<Seen> {
  try {
    const { version, lastReboot, lastReconfiguration } = parseStatus(await question(host, socket, 'show status'));
    return { state: 'up', version: version?.text, incarnation: `${lastReboot} ${lastReconfiguration}` };
  } catch (error) {
    if (!isHostError(error)) throw error;
    const state = isHostError(error, 'ENOENT', 'ECONNREFUSED') ? 'down' : 'silent';
    return { state, version: undefined, incarnation: '' };
  }
}

/** Whether the running BIRD has the configuration that the model wants. */
async function runs(host: Pick<Host, 'bird'>, { socket, running }: BirdSpec): Promise<boolean> {
  return valueIn(await question(host, socket, GENERATION_QUESTION)) === running;
}
