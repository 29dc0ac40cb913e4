// BIRD takes a new file as a transaction (docs/adr/0009): `configure check`, `configure timeout`, a look at whether all is well,
// `configure confirm`. Until the confirmation BIRD undoes it by itself, whatever becomes of us; what of it is not confirmed is
// undone here, and the file that BIRD runs comes back. Between `timeout` and `confirm` only questions are asked.
import { codes } from '../../host/bird/reply-codes.ts';
import { HostError, isHostError } from '../../host/error.ts';
import { hostIn } from '../../host/place.ts';
import type { Host } from '../../host/types.ts';
import { checkConfigure, configure, progress, refusal, runningGeneration } from './configure.ts';
import { abandonedPlaces } from './kernel-place.ts';
import { readHeader } from './header.ts';
import { endChange, isGone, restoreLastGood, runningText } from './last-good.ts';
import { readSections } from './sections.ts';
import { DEFAULT_CONF, UNDO_AFTER, type BirdPayload } from './spec.ts';
import { clearRoutes } from './stale-routes.ts';
import { fullAdjacencies, verify, type Before } from './verify.ts';

type Configure = Extract<BirdPayload, { do: 'configure' }>;
type Confirm = Extract<BirdPayload, { do: 'confirm' }>;

export async function takeConf(payload: Configure, host: Host): Promise<void> {
  if (!(await isAccepted(payload, host))) {
    await endChange(host, payload);
    // the file is there for the first time, and its unit wants one
    if (payload.path === DEFAULT_CONF) await host.bird.startSkipped?.(payload.socket);
    return;
  }
  // a change that was cut off is no ground to stand on: what comes back, should this one fail, is the last good one
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

/** False where BIRD is down and may be. A BIRD that refuses the file goes on with what it has, and shall find that at its start. */
async function isAccepted(payload: Configure, host: Host): Promise<boolean> {
  try {
    await checkConfigure(host, payload);
    return true;
  } catch (error) {
    if (payload.optional && isHostError(error, 'ENOENT', 'ECONNREFUSED')) return false;
    if (!isHostError(error) || !error.code.startsWith('BIRD_')) throw error; // it takes the file when it answers or starts
    const back = await restoreLastGood(host, filesOf(payload));
    throw further(error, `BIRD goes on with what it runs, and ${back.told}`);
  }
}

/** `configure confirm`; BIRD keeps what it has from then on, and the copy of the file before may go. */
export async function confirmConf(payload: Configure | Confirm, host: Host): Promise<void> {
  const reply = await host.bird.command(payload.socket, 'configure confirm');
  if (reply.code !== codes.confirmed && reply.code !== codes.nothingToDo) {
    throw refusal(payload, 'configure confirm', reply);
  }
  // nothing to confirm: somebody did, or BIRD has undone it
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

/** The file first: should we end here, it and what BIRD undoes by itself agree. */
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

/** Only what is pending is undone: `configure undo` after a confirmation would bring back what was before that. */
async function undo({ payload, before }: Begun, inPlace: string | undefined, host: Host): Promise<void> {
  const { unconfirmed = true } = await progress(host, payload);
  const running = await runningGeneration(host, payload);
  if (unconfirmed && running === payload.generation) await configure(host, payload, 'configure undo');
  if (inPlace !== undefined) await agree(payload, inPlace, host);
  if (before.text === undefined) return;
  // with `persist` the kernel protocol leaves behind what it had put into the new place
  const there = (await hostIn(host, payload.netns)) ?? host;
  for (const { from } of abandonedPlaces(readSections(payload.text), readSections(before.text))) {
    await clearRoutes(there, from);
  }
}

/** BIRD may have undone to something else than the file: to a change before this one that was not confirmed either. */
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
