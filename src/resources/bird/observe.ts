// Reads bird.conf and asks the running BIRD which generation of it it has. Changes nothing.
import type { Condition, Observation, Observed } from '../../engine/types.ts';
import { isHostError, type HostError } from '../../host/error.ts';
import type { Host } from '../../host/types.ts';
import type { RouterModel } from '../../model/types.ts';
import { GENERATION_CONSTANT, readHeader } from './header.ts';
import { DEFAULT_CONF, DEFAULT_SOCKET, keptPath, NOTE_PREFIX, type BirdSpec, type Daemon } from './spec.ts';

/** doc/reply_codes of BIRD: the result of `eval`. */
const EVAL_RESULT = 23;

interface Running {
  readonly daemon: Daemon;
  /** '' where BIRD has a configuration without our constant (9001), or none is to be had */
  readonly generation: string;
  readonly error?: HostError;
}

async function askRunning(host: Host, socket: string): Promise<Running> {
  try {
    const { code, lines } = await host.bird.command(socket, `eval ${GENERATION_CONSTANT}`);
    return { daemon: 'up', generation: code === EVAL_RESULT ? (lines.at(-1)?.text.trim() ?? '') : '' };
  } catch (error) {
    if (!isHostError(error)) throw error;
    const daemon = isHostError(error, 'ENOENT', 'ECONNREFUSED') ? 'down' : 'silent';
    return { daemon, generation: '', error };
  }
}

/** Files that may be ours: the one in the state file or, when all of ours shall go, the usual one and those noted. */
async function candidates(host: Host, model: RouterModel | undefined): Promise<Map<string, string>> {
  if (model !== undefined) return new Map([[model.bird.configFile, model.bird.controlSocket]]);
  const noted = [...(await host.notes.all())].filter(([key]) => key.startsWith(NOTE_PREFIX));
  return new Map([
    [DEFAULT_CONF, DEFAULT_SOCKET],
    ...noted.map(([key, socket]) => [key.slice(NOTE_PREFIX.length), socket] as const),
  ]);
}

interface Found {
  readonly object: Observed<BirdSpec> | undefined;
  readonly conditions: readonly Condition[];
}

async function observeFile(host: Host, path: string, socket: string): Promise<Found> {
  const [text, stat, kept, running] = await Promise.all([
    host.files.read(path),
    host.files.stat(path),
    host.files.stat(keptPath(path)),
    askRunning(host, socket),
  ]);
  const conditions = daemonConditions(running, socket);
  if (text === undefined || stat === undefined) return { object: undefined, conditions };
  const header = readHeader(text);
  const spec: BirdSpec = {
    path,
    socket,
    text,
    mode: stat.mode,
    running: running.daemon === 'up' ? running.generation : (header?.generation ?? ''),
    daemon: running.daemon,
    kept: kept !== undefined,
  };
  if (header === undefined) conditions.push(foreignFile(path));
  return { object: { spec, owned: header !== undefined }, conditions };
}

function daemonConditions({ daemon, error }: Running, socket: string): Condition[] {
  const shared = { severity: 'error', subject: 'bird' } as const;
  if (daemon === 'down') {
    const message = `BIRD is not running, nobody listens on ${socket}: no routes are learned; systemctl start bird`;
    return [{ ...shared, code: 'bird-down', message }];
  }
  if (daemon === 'silent') {
    const message = `BIRD does not answer on ${socket}, and gets no new configuration: ${error?.detail ?? ''}`;
    return [{ ...shared, code: 'bird-not-answering', message }];
  }
  return [];
}

const foreignFile = (path: string): Condition => ({
  code: 'bird-conf-foreign',
  severity: 'warning',
  subject: path,
  message: `${path} was not written by wgospf; wgospf apply --adopt takes it over and keeps it as ${keptPath(path)}`,
});

export async function observeBird(host: Host, model: RouterModel | undefined): Promise<Observation<BirdSpec>> {
  const files = [...(await candidates(host, model))];
  const found = await Promise.all(files.map(([path, socket]) => observeFile(host, path, socket)));
  return {
    objects: found.flatMap(({ object }) => (object === undefined ? [] : [object])),
    conditions: model === undefined ? [] : found.flatMap(({ conditions }) => conditions),
  };
}
