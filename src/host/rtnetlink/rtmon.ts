// rtmon(8) of iproute2: a process of one megabyte that copies the kernel's notifications unchanged into a pipe. The `netlink`
// package cannot do this in our process: a receive buffer that overflows (ENOBUFS) would abort the process.
import { constants, openSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { dirname } from 'node:path';
import { execa } from 'execa';
import { hostError } from '../errno.ts';
import { programEnv, run } from '../processes.ts';

export interface RtmonHandlers {
  /** a piece of the stream of netlink messages, which begins with all links (RTM_NEWLINK). False: it contained nothing useful */
  data: (chunk: Buffer) => boolean;
  /** the kernel dropped notifications */
  lost: () => void;
  /** rtmon ended, by itself or by stop(); no call follows */
  ended: (reason: string) => void;
}

export interface Rtmon {
  stop(): void;
}

/**
 * During a flood of events that are not ours (BIRD learns ten thousand routes) the agent wakes once for many events: the events
 * wait in the pipe and in the socket's buffer.
 */
const NOISE_PAUSE_MS = 2;

/** libnetlink's rtnl_listen() prints `netlink receive error No buffer space available (105)` and continues. */
const LOST = /receive error/;

/** Throws a HostError if the pipe cannot be made. The handlers must not throw. */
export async function startRtmon(handlers: RtmonHandlers, pipe = `/run/wgospf/monitor.${process.pid}`): Promise<Rtmon> {
  const reader = await openPipe(pipe);
  // PR_SET_PDEATHSIG: rtmon ends with the agent, even if the agent is killed
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
  // after the first data both ends are open, and the name is no longer needed
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

/** Errors are ignored: a pipe that stays in /run does no harm. */
const forget = (pipe: string): void => {
  rm(pipe, { force: true }).catch(() => undefined);
};

/**
 * A named pipe: node gives a program sockets, and rtmon cannot open a socket by name (ENXIO). Opened for reading and writing, so
 * that neither side waits for the other, and the end of rtmon is no end of file for the reader.
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
