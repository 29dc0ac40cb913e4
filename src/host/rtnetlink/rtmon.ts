// rtmon(8) of iproute2: a process of one megabyte that copies the kernel's notifications, as they are, into a pipe. The
// `netlink` package cannot do it inside ours: a receive buffer that overflows (ENOBUFS) ends the whole process there.
import { constants, openSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { dirname } from 'node:path';
import { execa } from 'execa';
import { hostError } from '../errno.ts';
import { programEnv, run } from '../processes.ts';

export interface RtmonHandlers {
  /** a piece of the stream of netlink messages; it begins with all links (RTM_NEWLINK). False: there was nothing of use in it */
  data: (chunk: Buffer) => boolean;
  /** the kernel dropped notifications */
  lost: () => void;
  /** it ended, by itself or by stop(); nothing comes after it */
  ended: (reason: string) => void;
}

export interface Rtmon {
  stop(): void;
}

/**
 * While others' events pour in (a BIRD that learns ten thousand routes) we wake for many at once and not for each: what
 * comes meanwhile waits in the pipe and in the socket's buffer.
 */
const NOISE_PAUSE_MS = 2;

/** libnetlink's rtnl_listen() says `netlink receive error No buffer space available (105)` and goes on. */
const LOST = /receive error/;

/** Throws a HostError where the pipe cannot be made. The reader must not throw. */
export async function startRtmon(handlers: RtmonHandlers, pipe = `/run/wgospf/monitor.${process.pid}`): Promise<Rtmon> {
  const reader = await openPipe(pipe);
  // PR_SET_PDEATHSIG: it goes with us, also when we are killed
  const child = execa('setpriv', ['--pdeathsig', 'KILL', 'rtmon', 'file', pipe, 'all'], {
    stdin: 'ignore',
    stdout: 'ignore',
    buffer: false,
    reject: false,
    env: programEnv(),
    extendEnv: false,
    cwd: '/',
  });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (LOST.test(text)) handlers.lost();
    else words = text.trim();
  });
  reader.on('data', (chunk: Buffer) => {
    if (handlers.data(chunk)) return;
    reader.pause();
    setTimeout(() => reader.resume(), NOISE_PAUSE_MS);
  });
  // both ends are open once something came through: the name has done its work
  reader.once('data', () => forget(pipe));
  reader.on('error', (error) => {
    words = error.message;
    child.kill('SIGKILL');
  });
  void child.then(({ exitCode, signal, shortMessage }) => {
    reader.destroy();
    forget(pipe);
    handlers.ended(`rtmon ended (${words || shortMessage || (signal ?? `status ${exitCode}`)})`);
  });
  return { stop: () => void child.kill('SIGKILL') };
}

/** A name that stays behind in /run does no harm. */
const forget = (pipe: string): void => {
  rm(pipe, { force: true }).catch(() => undefined);
};

/**
 * A named pipe: node hands a program sockets, and rtmon cannot open one by name (ENXIO). Opened for both directions, so that
 * neither side waits for the other and its end is not ours.
 */
async function openPipe(path: string): Promise<Socket> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o755 });
    await rm(path, { force: true });
    await run('mkfifo', ['-m', '600', path]);
    const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    return new Socket({ fd, readable: true, writable: false });
  } catch (error) {
    throw hostError(`make the pipe ${path}`, error);
  }
}
