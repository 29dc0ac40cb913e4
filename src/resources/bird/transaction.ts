// BIRD takes a new file as a transaction (docs/adr/0009): `configure check`, `configure timeout`, a look at the result, `configure
// confirm`. Until the confirmation BIRD undoes the change by itself, whatever happens to us. If the look finds a fault, wgospf undoes
// the change and restores the file that BIRD ran. Between `timeout` and `confirm` it only asks questions.
import { codes } from '../../host/bird/reply-codes.ts';
import { HostError, isHostError } from '../../host/error.ts';
import { hostIn } from '../../host/place.ts';
import type { Host } from '../../host/types.ts';
import { DEFAULT_BIRD } from '../../model/defaults.ts';
import { checkConfigure, configure, progress, refusal, runningGeneration } from './configure.ts';
import { abandonedPlaces } from './kernel-place.ts';
import { readHeader } from './header.ts';
import { endChange, isGone, restoreLastGood, runningText } from './last-good.ts';
import { readSections } from './sections.ts';
import { UNDO_AFTER, type BirdPayload } from './spec.ts';
import { clearRoutes } from './stale-routes.ts';
import { fullAdjacencies, verify, type Before } from './verify.ts';

type Configure = Extract<BirdPayload, { do: 'configure' }>;
type Confirm = Extract<BirdPayload, { do: 'confirm' }>;

export async function takeConf(payload: Configure, host: Host): Promise<void> {
  if (!(await isAccepted(payload, host))) {
    await endChange(host, payload);
    // the file exists for the first time, and BIRD's unit needs one
    if (payload.path === DEFAULT_BIRD.configFile) await host.bird.startSkipped?.(payload.socket);
    return;
  }
  // an earlier change was cut off: it is undone first, so that a failure of this one restores the last good file
  if ((await progress(host, payload)).unconfirmed === true) await configure(host, payload, 'configure undo');
  const before: Before = {
    text: await runningText(host, payload.path, await runningGeneration(host, payload)),
    full: await fullAdjacencies(host, payload),
  };
  try {
    await configure(host, payload, `configure timeout ${UNDO_AFTER}`);
    await verify(host, payload, before);
  } catch (error) {
    throw await rollBack(error, { payload, before }, host);
  }
  await confirmConf(payload, host);
}

/** False if BIRD is down and may be. If BIRD refuses the file, it keeps its configuration, and must find that file when it starts. */
async function isAccepted(payload: Configure, host: Host): Promise<boolean> {
  try {
    await checkConfigure(host, payload);
    return true;
  } catch (error) {
    if (payload.optional && isHostError(error, 'ENOENT', 'ECONNREFUSED')) return false;
    if (!isHostError(error) || !error.code.startsWith('BIRD_')) throw error; // BIRD takes the file when it answers or starts
    const back = await restoreLastGood(host, filesOf(payload));
    throw further(error, `BIRD goes on with what it runs, and ${back.told}`);
  }
}

/** `configure confirm`: from then on BIRD keeps what it has, and the copy of the earlier file may go. */
export async function confirmConf(payload: Configure | Confirm, host: Host): Promise<void> {
  const reply = await host.bird.command(payload.socket, 'configure confirm');
  if (reply.code !== codes.confirmed && reply.code !== codes.nothingToDo) {
    throw refusal(payload, 'configure confirm', reply);
  }
  // nothing to confirm: somebody else confirmed, or BIRD has undone it
  const running = await runningGeneration(host, payload);
  if (running === payload.generation) return endChange(host, payload);
  const back = await restoreLastGood(host, filesOf(payload));
  const detail = `BIRD has undone generation ${payload.generation} before it was confirmed, and ${back.told}`;
  throw new HostError({ operation: `birdc configure confirm (${payload.path})`, code: 'BIRD_UNDONE', detail });
}

interface Begun {
  readonly payload: Configure;
  readonly before: Before;
}

/** The file comes first: if we end here, it agrees with what BIRD restores by itself. */
async function rollBack(error: unknown, begun: Begun, host: Host): Promise<unknown> {
  if (!isHostError(error)) return error;
  const { payload } = begun;
  const back = await restoreLastGood(host, filesOf(payload));
  if (isGone(error)) {
    const detail = `BIRD ended while it took the file: ${error.detail}; ${back.told}, and BIRD has it when it starts`;
    return new HostError({ operation: error.operation, code: 'BIRD_DIED', detail, cause: error });
  }
  try {
    await undo(begun, back.text, host);
  } catch (second) {
    if (!isHostError(second)) throw second;
    return further(error, `${back.told}, and BIRD undoes its part within ${UNDO_AFTER} s (now: ${second.detail})`);
  }
  return further(error, `BIRD has undone it, and ${back.told}`);
}

/** Undoes only a pending change: `configure undo` after a confirmation would restore the configuration before that one. */
async function undo({ payload, before }: Begun, inPlace: string | undefined, host: Host): Promise<void> {
  const { unconfirmed = true } = await progress(host, payload);
  const running = await runningGeneration(host, payload);
  if (unconfirmed && running === payload.generation) await configure(host, payload, 'configure undo');
  if (inPlace !== undefined) await agree(payload, inPlace, host);
  if (before.text === undefined) return;
  // with `persist` the kernel protocol leaves its routes in the new place
  const there = (await hostIn(host, payload.netns)) ?? host;
  for (const { from } of abandonedPlaces(readSections(payload.text), readSections(before.text))) {
    await clearRoutes(there, from);
  }
}

/** The undo may have restored something else than the file: an earlier change that was not confirmed either. */
async function agree(payload: Configure, inPlace: string, host: Host): Promise<void> {
  if ((await runningGeneration(host, payload)) === (readHeader(inPlace)?.generation ?? '')) return;
  await checkConfigure(host, payload);
  await configure(host, payload);
}

const filesOf = ({ path, secrets }: Configure | Confirm): { path: string; secretsFile: string | undefined } => ({
  path,
  secretsFile: secrets?.file,
});

const further = (error: HostError, what: string): HostError =>
  new HostError({ operation: error.operation, code: error.code, detail: `${error.detail}; ${what}`, cause: error });
