// The single steps by which BIRD takes a configuration. The code recognises replies by their numbers, never by their English text.
import { codes } from '../../host/bird/reply-codes.ts';
import { parseProtocols } from '../../host/bird/parse/protocols.ts';
import { HostError } from '../../host/error.ts';
import type { HostReader } from '../../host/reader.ts';
import type { BirdReply, Host } from '../../host/types.ts';
import { GENERATION_CONSTANT } from './header.ts';

/** Answers take milliseconds, as a rule. The limit is higher because a timeout in the middle of a change undoes it without need. */
const QUESTION_MS = 2_000;
const POLL_MS = 50;
/** time for protocols to go down, also for OSPF to leave its neighbours; a thousand interfaces took 25 ms */
const SETTLE_MS = 10_000;

export interface ConfigSource {
  /** the file that BIRD must read */
  readonly path: string;
  readonly socket: string;
}

type Socket = Pick<ConfigSource, 'socket'>;

export const ask = (host: HostReader, { socket }: Socket, question: string): Promise<BirdReply> =>
  host.bird.ask(socket, question, QUESTION_MS);

/** BIRD refused; `detail` is its own message, `FILE:LINE:COL what` for a faulty file. */
export function refusal({ path, socket }: ConfigSource, command: string, reply: BirdReply): HostError {
  return new HostError({
    operation: `birdc ${command} (${path}, ${socket})`,
    code: `BIRD_${String(reply.code).padStart(4, '0')}`,
    detail: reply.lines.at(-1)?.text ?? 'no reply',
  });
}

/** The file that a running BIRD reads: `0002-Reading configuration from FILE`. */
function fileRead(reply: BirdReply): string | undefined {
  const line = reply.lines.find(({ code }) => code === codes.reading)?.text;
  return line?.slice(line.indexOf('/'));
}

/**
 * Throws if BIRD would refuse the file, or would read another one; changes nothing. It comes before every `configure`,
 * because a `configure` that fails cancels a pending undo and uses up the available one; a check does neither.
 */
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
  if (reply.code !== codes.checked) throw refusal(source, 'configure check', reply);
}

const TAKEN: readonly number[] = [codes.reconfigured, codes.inProgress, codes.queued, codes.queuedInstead];

/** Sends `configure`, `configure timeout N` or `configure undo`, and waits until BIRD has finished. */
export async function configure(host: Host, source: ConfigSource, command = 'configure'): Promise<void> {
  const reply = await host.bird.command(source.socket, command);
  if (!TAKEN.includes(reply.code)) throw refusal(source, command, reply);
  if (reply.code !== codes.reconfigured) await settled(host, source, command);
}

/** BIRD answers 0004 or 0005 while protocols that it restarts or removes go down. */
async function settled(host: Host, source: ConfigSource, command: string): Promise<void> {
  const end = host.ticks() + SETTLE_MS;
  while ((await progress(host, source)).busy) {
    if (host.ticks() >= end) {
      throw new HostError({
        operation: `birdc ${command} (${source.path}, ${source.socket})`,
        code: 'ETIMEDOUT',
        detail: `BIRD is still reconfiguring after ${SETTLE_MS / 1000} s; birdc show protocols shows which protocol hangs`,
      });
    }
    await host.sleep(POLL_MS);
  }
}

export interface Progress {
  /** protocols of the earlier configuration are still going down */
  readonly busy: boolean;
  /** BIRD will undo the configuration by itself unless somebody confirms it; undefined: BIRD 1.6 does not say */
  readonly unconfirmed: boolean | undefined;
}

/** Asks `configure status`. BIRD 1.6 does not have it: there, the states of the protocols show it. */
export async function progress(host: HostReader, source: Socket): Promise<Progress> {
  const { code, lines } = await ask(host, source, 'configure status');
  const said = (wanted: number): boolean => lines.some((line) => line.code === wanted);
  if (code < codes.parseError) {
    return { busy: said(codes.inProgress) || said(codes.queued), unconfirmed: said(codes.undoScheduled) };
  }
  const protocols = parseProtocols(await ask(host, source, 'show protocols'));
  return { busy: protocols.some(({ state }) => state === 'stop' || state === 'flush'), unconfirmed: undefined };
}

/** The generation of the running configuration; '' if the configuration is not ours (9001). */
export const runningGeneration = async (host: HostReader, source: Socket): Promise<string> =>
  valueIn(await ask(host, source, GENERATION_QUESTION));

export const GENERATION_QUESTION: string = `eval ${GENERATION_CONSTANT}`;

/** The value of a constant; '' if the running configuration does not define it (9001). */
export const valueIn = ({ code, lines }: BirdReply): string =>
  code === codes.evaluated ? (lines.at(-1)?.text.trim() ?? '') : '';
