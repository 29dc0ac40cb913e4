// Starts the part inside: as a unit where systemd runs, else by nsenter(1), so that it is nobody's child there either.
import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostError } from '../errno.ts';
import { HostError } from '../error.ts';
import { programEnv, run } from '../processes.ts';
import { NAMESPACES } from '../rtnetlink/place.ts';
import { bySystemd } from '../systemd-unit.ts';
import { connectInside, isListening, type Connection, type Expected } from './connect.ts';
import { namespaceId } from './namespace-file.ts';
import { socketOf } from './protocol.ts';

/** Node starts in a fifth of a second; a machine that boots, or is emulated, has taken half a minute. */
const START_MS = 60_000;
const FIRST_POLL_MS = 20;
/** As often at most: to look costs a slow machine what the part needs to start. */
const LAST_POLL_MS = 500;

/** Which file the program is; '' where it is gone. dpkg puts another in its place by rename. */
function programIdentity(): string {
  const found = statSync(programFile(), { throwIfNoEntry: false });
  return found === undefined ? '' : `${found.dev}:${found.ino}:${found.mtimeMs}`;
}

let began: string | undefined;

/** To be called once as the process begins; from then on isReplaced tells whether its file is another by now. */
export const rememberProgram = (): void => void (began ??= programIdentity());

const isReplaced = (): boolean => began !== undefined && programIdentity() !== began;

export const insideUnit = (name: string): string => `wgospf-inside@${name}.service`;

/** Under way, by namespace. The calls and the events each have a connection, and want it at the same time. */
const starts = new Map<string, Promise<Connection>>();

/** Connects to the part inside NAME, and starts it where none answers. */
export async function openInside(name: string, version: string): Promise<Connection> {
  const operation = `reach the agent part in network namespace ${name}`;
  const netns = namespaceId(name);
  if (netns === undefined)
    throw new HostError({ operation, code: 'ENOENT', detail: 'there is no such namespace (ip netns list)' });
  const path = socketOf(name);
  const outdated = isReplaced();
  const expected = { version, netns, outdated };
  const found = await connectInside(path, expected);
  if (found !== undefined) return found;
  if (outdated) throw new HostError({ operation, code: 'ESTALE', detail: OUTDATED });
  const underWay = starts.get(name);
  if (underWay !== undefined) {
    await underWay;
    return openInside(name, version);
  }
  const begun = begin(name, expected, operation).finally(() => starts.delete(name));
  starts.set(name, begun);
  return begun;
}

async function begin(name: string, expected: Expected, operation: string): Promise<Connection> {
  const started = bySystemd() ? await startUnit(name) : startProcess(name, socketOf(name));
  try {
    return await untilConnected(name, expected, started, operation);
  } finally {
    started.letGo();
  }
}

async function untilConnected(
  name: string,
  expected: Expected,
  started: Started,
  operation: string,
): Promise<Connection> {
  const path = socketOf(name);
  const end = performance.now() + START_MS;
  for (let pause = FIRST_POLL_MS; performance.now() < end; pause = Math.min(2 * pause, LAST_POLL_MS)) {
    const connection = await connectInside(path, expected);
    if (connection !== undefined) return connection;
    const words = started.failed();
    if (words !== undefined) throw new HostError({ operation, code: 'EIO', detail: words });
    await sleep(pause);
  }
  // that it never listened is what went wrong, whatever becomes of ending it
  await started.end().catch(() => undefined);
  const where = bySystemd() ? `journalctl -u ${insideUnit(name)}` : `ps axf | grep 'inside ${name}'`;
  const detail = `it does not listen on ${path} within ${START_MS / 1000} s: ${where}`;
  throw new HostError({ operation, code: 'ETIMEDOUT', detail });
}

interface Started {
  /** why it ended before it listened; undefined as long as it did not */
  readonly failed: () => string | undefined;
  /** so that the next one to ask starts another */
  readonly end: () => Promise<void>;
  /** nobody hears it from now on */
  readonly letGo: () => void;
}

/**
 * It returns when the process runs, not when it listens. `start` leaves alone what another agent has just started; who listens and
 * says no hello hangs, and is ended by `restart`.
 */
async function startUnit(name: string): Promise<Started> {
  const unit = insideUnit(name);
  const systemctl = async (verb: 'start' | 'restart' | 'stop'): Promise<void> => {
    try {
      await run('systemctl', [verb, unit], { timeout: START_MS });
    } catch (error) {
      const { operation, code, detail } = hostError(`${verb} ${unit}`, error);
      throw new HostError({ operation, code, detail: `${detail}; journalctl -u ${unit}` });
    }
  };
  await systemctl((await isListening(socketOf(name))) ? 'restart' : 'start');
  return { failed: () => undefined, end: () => systemctl('stop'), letGo: () => undefined };
}

/** A session of its own, and no file of ours: it ends when nobody has been connected for a while. */
function startProcess(name: string, path: string): Started {
  const program = [process.execPath, ...process.execArgv, programFile(), 'inside', name, '--socket', path];
  const child = spawn('nsenter', [`--net=${join(NAMESPACES, name)}`, ...program], {
    ...{ detached: true, cwd: '/', env: programEnv() },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let words = '';
  let ended = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-2048)));
  child.on('error', (error) => ((ended = true), (words = error.message)));
  child.on('exit', () => (ended = true));
  child.unref();
  return {
    // one that never listens has nobody connected, and ends by itself
    end: () => Promise.resolve(),
    failed: () => (ended ? words.trim() || 'it ended without a word' : undefined),
    letGo: () => void child.stderr.destroy(),
  };
}

/** While a package is unpacked, and where its scripts may restart nothing, who runs is not what is installed. */
const OUTDATED =
  'wgospf was upgraded or removed since this one began, and would start its part there in another version; ' +
  'systemctl restart wgospf';

/** This is in lib/ beside it when it is bundled; src/main.ts where it is run from its sources. */
const programFile = (): string =>
  basename(import.meta.filename) === 'start-inside.ts'
    ? join(import.meta.dirname, '../../main.ts')
    : join(import.meta.dirname, '../wgospf.mjs');
