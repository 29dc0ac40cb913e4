// Starts the agent's part inside a namespace: as a unit if systemd runs, else detached by nsenter(1).
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

/** Node starts in a fifth of a second; a machine that boots, or is emulated, may take half a minute. */
const START_MS = 60_000;
const FIRST_POLL_MS = 20;
/** The longest pause: polling takes time that a slow machine needs to start the part. */
const LAST_POLL_MS = 500;

/** Identifies the program's file; '' if it is gone. dpkg replaces it by rename. */
function programIdentity(): string {
  const found = statSync(programFile(), { throwIfNoEntry: false });
  return found === undefined ? '' : `${found.dev}:${found.ino}:${found.mtimeMs}`;
}

let began: string | undefined;

/** Call it once when the process starts; from then on isReplaced tells whether the program's file was replaced. */
export const rememberProgram = (): void => void (began ??= programIdentity());

const isReplaced = (): boolean => began !== undefined && programIdentity() !== began;

export const insideUnit = (name: string): string => `wgospf-inside@${name}.service`;

/** Starts in progress, by namespace. Calls and events each have their own connection, and need it at the same time. */
const starts = new Map<string, Promise<Connection>>();

/** Connects to the part inside NAME, and starts it if none answers. */
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
  // the error is that it never listened, even if it cannot be ended
  await started.end().catch(() => undefined);
  const where = bySystemd() ? `journalctl -u ${insideUnit(name)}` : `ps axf | grep 'inside ${name}'`;
  const detail = `it does not listen on ${path} within ${START_MS / 1000} s: ${where}`;
  throw new HostError({ operation, code: 'ETIMEDOUT', detail });
}

interface Started {
  /** why it ended before it listened; undefined while it has not ended */
  readonly failed: () => string | undefined;
  /** ends it, so that the next call starts a new one */
  readonly end: () => Promise<void>;
  /** stops reading its standard error */
  readonly letGo: () => void;
}

/**
 * Returns when the process runs, which is before it listens. `start` does nothing if another agent has just started the unit; a
 * part that listens but sends no hello hangs, and `restart` ends it.
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

/** In its own session, and without our open files; it ends when no agent has been connected for a while. */
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
    // a part without a connection ends by itself
    end: () => Promise.resolve(),
    failed: () => (ended ? words.trim() || 'it ended without a word' : undefined),
    letGo: () => void child.stderr.destroy(),
  };
}

/** While a package is unpacked, or if its scripts may not restart services, the running version is not the installed one. */
const OUTDATED =
  'wgospf was upgraded or removed since this one began, and would start its part there in another version; ' +
  'systemctl restart wgospf';

/** The bundle of this code is in lib/, next to wgospf.mjs; from the sources the program is src/main.ts. */
const programFile = (): string =>
  basename(import.meta.filename) === 'start-inside.ts'
    ? join(import.meta.dirname, '../../main.ts')
    : join(import.meta.dirname, '../wgospf.mjs');
