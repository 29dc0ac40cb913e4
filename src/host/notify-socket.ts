// sd_notify(3). Node has no datagrams on Unix sockets: messages go through the descriptor that systemd/with-notify-socket
// opened, or else through systemd-notify(1), which takes 6 ms of CPU time per message.
import { write } from 'node:fs';
import { promisify } from 'node:util';
import notify from 'systemd-notify';
import { HostError } from './error.ts';
import { hostError } from './errno.ts';
import { run } from './processes.ts';

export interface Systemd {
  /** systemd started the daemon with a socket for state messages (NOTIFY_SOCKET) */
  readonly listens: boolean;
  /** milliseconds after which systemd restarts a silent service (WatchdogSec=); undefined: never */
  readonly watchdogMs: number | undefined;
  /** READY=1, MAINPID and, unless it is '', STATUS in one message */
  readonly ready: (status: string) => Promise<void>;
  readonly status: (text: string) => Promise<void>;
  /** assignments such as `STOPPING=1` */
  readonly say: (...assignments: string[]) => Promise<void>;
  /** CLOCK_MONOTONIC in microseconds, which must accompany RELOADING */
  readonly monotonicUsec: () => number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** sd_watchdog_enabled(3): if WATCHDOG_PID is set, the interval is only for that process. */
function watchdogOf(env: Environment, pid: number): number | undefined {
  const usec = Number(env['WATCHDOG_USEC']);
  const other = env['WATCHDOG_PID'] !== undefined && Number(env['WATCHDOG_PID']) !== pid;
  return Number.isFinite(usec) && usec > 0 && !other ? usec / 1000 : undefined;
}

/** The package rejects with a string if the program printed one. */
const notified = async (operation: string, sent: Promise<unknown>): Promise<void> => {
  try {
    await sent;
  } catch (error) {
    if (typeof error !== 'string') throw hostError(operation, error);
    throw new HostError({ operation, code: 'EXIT_1', detail: error || 'systemd-notify failed' });
  }
};

/** Each write(2) on a connected datagram socket is one message. */
function byDescriptor(fd: number, pid: number): Pick<Systemd, 'ready' | 'status' | 'say'> {
  const send = promisify(write);
  const say: Systemd['say'] = async (...assignments) => {
    const operation = `tell systemd ${assignments.join(' ')}`;
    const sent = send(fd, assignments.join('\n')).catch((error: unknown) => {
      throw hostError(operation, error);
    });
    await sent;
  };
  const withStatus = (text: string): string[] => (text === '' ? [] : [`STATUS=${text}`]);
  return {
    say,
    status: (text) => say(`STATUS=${text}`),
    ready: (text) => say('READY=1', ...withStatus(text), `MAINPID=${pid}`),
  };
}

function byProgram(socket: string, pid: number): Pick<Systemd, 'ready' | 'status' | 'say'> {
  return {
    ready: (status) => notified('tell systemd READY=1', notify({ ready: true, pid, ...(status !== '' && { status }) })),
    status: (text) => notified('tell systemd our status', notify({ pid, status: text })),
    say: async (...assignments) => {
      const operation = `tell systemd ${assignments.join(' ')}`;
      await run('systemd-notify', assignments, { env: { NOTIFY_SOCKET: socket }, operation });
    },
  };
}

/**
 * @param env contains NOTIFY_SOCKET, the WATCHDOG variables and, from with-notify-socket, WGOSPF_NOTIFY_FD; the errors of
 *   all calls are HostErrors
 */
export function createSystemd(env: Environment, pid: number): Systemd {
  const { NOTIFY_SOCKET: socket = '', WGOSPF_NOTIFY_FD: fd } = env;
  return {
    listens: socket !== '',
    watchdogMs: socket === '' ? undefined : watchdogOf(env, pid),
    ...(fd === undefined ? byProgram(socket, pid) : byDescriptor(Number(fd), pid)),
    monotonicUsec: () => Math.floor(Number(process.hrtime.bigint() / 1000n)),
  };
}
