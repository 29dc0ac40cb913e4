// sd_notify(3). Node cannot send datagrams on a Unix socket, so systemd-notify(1) sends them: 6 ms of CPU time a message.
import notify from 'systemd-notify';
import { HostError } from './error.ts';
import { hostError } from './errno.ts';
import { run } from './processes.ts';

export interface Systemd {
  /** systemd started us with a socket to tell it of our state (NOTIFY_SOCKET) */
  readonly listens: boolean;
  /** milliseconds after which systemd restarts a silent service (WatchdogSec=); undefined: never */
  readonly watchdogMs: number | undefined;
  /** READY=1, MAINPID and, unless it is '', STATUS in one message */
  readonly ready: (status: string) => Promise<void>;
  readonly status: (text: string) => Promise<void>;
  /** assignments such as `STOPPING=1` */
  readonly say: (...assignments: string[]) => Promise<void>;
  /** CLOCK_MONOTONIC in microseconds, which RELOADING wants beside it */
  readonly monotonicUsec: () => number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** sd_watchdog_enabled(3): the interval is meant for the process WATCHDOG_PID alone, where that is set. */
function watchdogOf(env: Environment, pid: number): number | undefined {
  const usec = Number(env['WATCHDOG_USEC']);
  const other = env['WATCHDOG_PID'] !== undefined && Number(env['WATCHDOG_PID']) !== pid;
  return Number.isFinite(usec) && usec > 0 && !other ? usec / 1000 : undefined;
}

/** The package rejects with a plain text where the program printed one. */
const notified = async (operation: string, sent: Promise<unknown>): Promise<void> => {
  try {
    await sent;
  } catch (error) {
    if (typeof error !== 'string') throw hostError(operation, error);
    throw new HostError({ operation, code: 'EXIT_1', detail: error || 'systemd-notify failed' });
  }
};

/** @param env where NOTIFY_SOCKET and the WATCHDOG variables are; the errors of all calls are HostErrors */
export function createSystemd(env: Environment, pid: number): Systemd {
  const socket = env['NOTIFY_SOCKET'] ?? '';
  return {
    listens: socket !== '',
    watchdogMs: socket === '' ? undefined : watchdogOf(env, pid),
    ready: (status) => notified('tell systemd READY=1', notify({ ready: true, pid, ...(status !== '' && { status }) })),
    status: (text) => notified('tell systemd our status', notify({ pid, status: text })),
    say: async (...assignments) => {
      const operation = `tell systemd ${assignments.join(' ')}`;
      await run('systemd-notify', assignments, { env: { NOTIFY_SOCKET: socket }, operation });
    },
    monotonicUsec: () => Math.floor(Number(process.hrtime.bigint() / 1000n)),
  };
}
