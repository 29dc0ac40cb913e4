// BIRD takes a new configuration: always `configure check` first, because a failing `configure` leaves the running
// configuration alone but cancels a pending undo, and a check does not. Replies are told by their numbers (BIRD's
// doc/reply_codes), never by their English.
import { HostError } from '../../host/error.ts';
import type { BirdReply, Host } from '../../host/types.ts';
import { GENERATION_CONSTANT } from './header.ts';

const READING = 2;
const RECONFIGURED = 3;
const IN_PROGRESS = 4;
const QUEUED = 5;
const CHECKED = 20;
const EVAL_RESULT = 23;

const POLL_MS = 100;
/** ten seconds; a thousand interfaces took 25 ms */
const POLLS = 100;

export interface ConfigSource {
  /** the file that BIRD must read */
  readonly path: string;
  readonly socket: string;
}

/** BIRD said no; `detail` is its own message, `FILE:LINE:COL what` for a faulty file. */
export function refusal({ path, socket }: ConfigSource, command: string, reply: BirdReply): HostError {
  return new HostError({
    operation: `birdc ${command} (${path}, ${socket})`,
    code: `BIRD_${String(reply.code).padStart(4, '0')}`,
    detail: reply.lines.at(-1)?.text ?? 'no reply',
  });
}

/** The file that a running BIRD reads: `0002-Reading configuration from FILE`. */
function fileRead(reply: BirdReply): string | undefined {
  const line = reply.lines.find(({ code }) => code === READING)?.text;
  return line?.slice(line.indexOf('/'));
}

/** Throws where BIRD would not take the file, or would read another one; changes nothing. */
export async function checkConfigure(host: Host, source: ConfigSource): Promise<void> {
  const reply = await host.bird.command(source.socket, 'configure check');
  const file = fileRead(reply);
  if (file !== undefined && file !== source.path) {
    throw new HostError({
      operation: `birdc configure (${source.socket})`,
      code: 'BIRD_OTHER_FILE',
      detail: `this BIRD reads ${file}, not ${source.path}; set bird.configFile to it, or start BIRD without -c`,
    });
  }
  if (reply.code !== CHECKED) throw refusal(source, 'configure check', reply);
}

/** `configure`, and waits for its end: BIRD answers 0004 or 0005 while protocols go down that it restarts or removes. */
export async function configure(host: Host, source: ConfigSource): Promise<void> {
  const reply = await host.bird.command(source.socket, 'configure');
  if (reply.code === RECONFIGURED) return;
  if (reply.code !== IN_PROGRESS && reply.code !== QUEUED) throw refusal(source, 'configure', reply);
  for (let poll = 0; poll < POLLS; poll++) {
    const status = await host.bird.command(source.socket, 'configure status');
    if (!status.lines.some(({ code }) => code === IN_PROGRESS || code === QUEUED)) return;
    await host.sleep(POLL_MS);
  }
  throw new HostError({
    operation: `birdc configure (${source.path}, ${source.socket})`,
    code: 'ETIMEDOUT',
    detail: `BIRD is still reconfiguring after ${(POLLS * POLL_MS) / 1000} s; birdc show protocols shows which protocol hangs`,
  });
}

/** Throws where the running BIRD has another generation than the one that it was just given. */
export async function confirmGeneration(host: Host, source: ConfigSource, generation: string): Promise<void> {
  const reply = await host.bird.command(source.socket, `eval ${GENERATION_CONSTANT}`);
  const running = reply.code === EVAL_RESULT ? reply.lines.at(-1)?.text.trim() : undefined;
  if (running === generation) return;
  throw new HostError({
    operation: `birdc eval ${GENERATION_CONSTANT} (${source.socket})`,
    code: 'BIRD_OTHER_GENERATION',
    detail: `BIRD runs ${running ?? 'a configuration that is not ours'} after it took generation ${generation}; somebody else configures it`,
  });
}
