// A wireguard-go from outside: its socket and its link are the only handles on it, since it is nobody's child.
import { readdir, readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { errnoOf, hasErrno, hostError } from '../errno.ts';
import { HostError, isHostError } from '../error.ts';

/** Where wireguard-go listens and `wg` looks (RUNSTATEDIR of both). */
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
 * Names whose socket somebody listens on and whose link is in our own network namespace: sockets are files, which all
 * namespaces see. What a dead process left behind is not among them.
 */
export async function userspaceDevices(): Promise<string[]> {
  const devices = await socketNames();
  if (devices.length === 0) return [];
  const here = await linksHere();
  const own = devices.filter((dev) => here.has(dev));
  const live = await Promise.all(own.map(listens));
  return own.filter((_, i) => live[i]).sort();
}

/** So does one that hangs, also when the queue of its socket is full (EAGAIN, unix(7)) or its socket is not for us. */
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

/** Whether it does what it is told: a process that was just killed still listens, and no longer answers. */
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
      session.write('set=1\n\n'); // sets nothing; `get=1` would be answered with the private key
    });
  } finally {
    session.destroy();
  }
}

/** A connection to DEV's wireguard-go; undefined where there is no socket or a dead process left it behind. */
export function openSession(dev: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketOf(dev));
    socket.once('connect', () => {
      socket.on('error', () => undefined); // ECONNRESET of one that ends
      resolve(socket);
    });
    socket.once('error', (error) => {
      if (['ENOENT', 'ECONNREFUSED'].includes(errnoOf(error))) resolve(undefined);
      else reject(hostError(`connect to ${socketOf(dev)}`, error));
    });
  });
}

/** Names of the links in our own network namespace, which /sys need not show: sysfs belongs to the one that mounted it. */
export async function linksHere(): Promise<ReadonlySet<string>> {
  const text = await readFile('/proc/self/net/dev', 'utf8');
  // two lines of headings, then ` NAME: COUNTERS`
  return new Set(text.split('\n').map((line) => line.slice(0, Math.max(line.lastIndexOf(':'), 0)).trimStart()));
}

export const linkExists = async (dev: string): Promise<boolean> => (await linksHere()).has(dev);

const POLL_MS = 20;

/** Looks again and again; false where `met` is not so before the deadline (milliseconds). */
export async function waitFor(met: () => Promise<boolean>, deadline: number): Promise<boolean> {
  const end = performance.now() + deadline;
  while (!(await met())) {
    if (performance.now() > end) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/** The same with an error for the deadline. */
export async function until(
  met: () => Promise<boolean>,
  error: { operation: string; detail: string },
  deadline = 5_000,
): Promise<void> {
  if (!(await waitFor(met, deadline))) throw new HostError({ ...error, code: 'ETIMEDOUT' });
}
