// A wireguard-go process as others see it: it is detached, so its socket and its link are the only handles to it.
import { readdir, readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { errnoOf, hasErrno, hostError } from '../errno.ts';
import { HostError, isHostError } from '../error.ts';

/** The folder of the sockets for wireguard-go and `wg` (RUNSTATEDIR of both). */
const SOCKETS = '/var/run/wireguard';
const SUFFIX = '.sock';
const ANSWER_MS = 2_000;

export const socketOf = (dev: string): string => `${SOCKETS}/${dev}${SUFFIX}`;

/** Names of all sockets, live or dead, of every network namespace. */
export async function socketNames(): Promise<string[]> {
  const names = await readdir(SOCKETS).catch((error: unknown) => {
    if (hasErrno(error, 'ENOENT')) return [];
    throw hostError(`list ${SOCKETS}`, error);
  });
  return names.filter((n) => n.endsWith(SUFFIX)).map((n) => n.slice(0, -SUFFIX.length));
}

/**
 * Names with a process that listens on the socket, and with a link in our own network namespace: sockets are files, which all
 * namespaces see. Without sockets that a dead process left behind.
 */
export async function userspaceDevices(): Promise<string[]> {
  const devices = await socketNames();
  if (devices.length === 0) return [];
  const here = await linksHere();
  const own = devices.filter((dev) => here.has(dev));
  const live = await Promise.all(own.map(listens));
  return own.filter((_, i) => live[i]).sort();
}

/** True also for a process that hangs, even if the queue of its socket is full (EAGAIN, unix(7)), or if we may not connect. */
async function listens(dev: string): Promise<boolean> {
  try {
    const session = await openSession(dev);
    session?.destroy();
    return session !== undefined;
  } catch (error) {
    if (isHostError(error)) return true;
    throw error;
  }
}

/** Whether the process handles requests: a process that was just killed still listens, but no longer answers. */
export async function answers(dev: string): Promise<boolean> {
  const session = await openSession(dev);
  if (session === undefined) return false;
  try {
    return await new Promise((resolve, reject) => {
      session.once('data', () => resolve(true));
      session.once('close', () => resolve(false));
      session.setTimeout(ANSWER_MS, () => {
        const detail = `${socketOf(dev)} accepts connections, but nothing answers within ${ANSWER_MS / 1000} s`;
        reject(new HostError({ operation: `ask wireguard-go ${dev}`, code: 'ETIMEDOUT', detail }));
      });
      session.write('set=1\n\n'); // sets nothing; the answer to `get=1` would contain the private key
    });
  } finally {
    session.destroy();
  }
}

/** A connection to DEV's wireguard-go; undefined if there is no socket, or if a dead process left it behind. */
export function openSession(dev: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketOf(dev));
    socket.once('connect', () => {
      socket.on('error', () => undefined); // ECONNRESET when the process ends
      resolve(socket);
    });
    socket.once('error', (error) => {
      if (['ENOENT', 'ECONNREFUSED'].includes(errnoOf(error))) resolve(undefined);
      else reject(hostError(`connect to ${socketOf(dev)}`, error));
    });
  });
}

/** Names of the links in our own network namespace. /sys may not show them: it belongs to the namespace that mounted it. */
export async function linksHere(): Promise<ReadonlySet<string>> {
  const text = await readFile('/proc/self/net/dev', 'utf8');
  // two lines of headings, then ` NAME: COUNTERS`
  return new Set(text.split('\n').map((line) => line.slice(0, Math.max(line.lastIndexOf(':'), 0)).trimStart()));
}

export const linkExists = async (dev: string): Promise<boolean> => (await linksHere()).has(dev);

const POLL_MS = 20;

/** Polls `met`; false if it does not become true before the deadline (milliseconds). */
export async function waitFor(met: () => Promise<boolean>, deadline: number): Promise<boolean> {
  const end = performance.now() + deadline;
  while (!(await met())) {
    if (performance.now() > end) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/** The same, but throws a HostError ETIMEDOUT at the deadline. */
export async function until(
  met: () => Promise<boolean>,
  error: { operation: string; detail: string },
  deadline = 5_000,
): Promise<void> {
  if (!(await waitFor(met, deadline))) throw new HostError({ ...error, code: 'ETIMEDOUT' });
}
