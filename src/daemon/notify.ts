// Sends the daemon's state to systemd. Messages go out one after the other; a failure never stops the daemon.
import type { Systemd } from '../host/notify-socket.ts';
import type { Emit } from './types.ts';
import { messageOf } from './unattended.ts';

export interface Notifier {
  /** to call after the first completed pass, and again when a reload is over: systemd waits for it after RELOADING */
  ready(): Promise<void>;
  /** sets the line that `systemctl status` shows; a repeated text costs nothing, and only the newest one is sent */
  status(text: string): Promise<void>;
  reloading(): Promise<void>;
  stopping(): Promise<void>;
  /** the loop makes progress; to call at least every `aliveEveryMs`, and never only because of a timer */
  alive(): Promise<void>;
  /** undefined if systemd does not watch this process */
  readonly aliveEveryMs: number | undefined;
  /** done when everything is sent */
  close(): Promise<void>;
}

/** The text as one line, within systemd's own limits. */
const oneLine = (text: string): string => text.replaceAll(/[\s\p{Cc}]+/gu, ' ').slice(0, 400);

/** Sends one by one. If systemd cannot be reached, reports this once as a condition, and ends it when systemd can. */
function makeQueue({ listens }: Systemd, emit: Emit): (send: () => Promise<void>) => Promise<void> {
  let last = Promise.resolve();
  let failing = false;
  const tell = (raised: boolean, message: string): void => {
    if (failing === raised) return;
    failing = raised;
    const condition = { code: 'systemd-not-told', severity: 'warning', subject: 'systemd', message } as const;
    emit({ type: 'condition', condition, raised });
  };
  const one = async (send: () => Promise<void>): Promise<void> => {
    try {
      await send();
      tell(false, '');
    } catch (error) {
      tell(true, `${messageOf(error)}; watchdog and status line do not work`);
    }
  };
  return (send) => (listens ? (last = last.then(() => one(send))) : last);
}

export interface NotifierOptions {
  readonly systemd: Systemd;
  readonly emit: Emit;
}

export function createNotifier({ systemd, emit }: NotifierOptions): Notifier {
  const queue = makeQueue(systemd, emit);
  const { watchdogMs } = systemd;
  let wanted = '';
  let shown = '';
  let aliveAt = -Infinity;

  const sendStatus = async (): Promise<void> => {
    if (wanted === shown) return;
    shown = wanted;
    await systemd.status(wanted);
  };
  // The monotonic clock, because the time of day jumps at boot.
  const now = (): number => systemd.monotonicUsec() / 1000;

  return {
    ready: () =>
      queue(async () => {
        shown = wanted;
        await systemd.ready(wanted);
      }),
    status: (text) => {
      wanted = oneLine(text);
      return wanted === shown ? Promise.resolve() : queue(sendStatus);
    },
    reloading: () => queue(() => systemd.say('RELOADING=1', `MONOTONIC_USEC=${systemd.monotonicUsec()}`)),
    stopping: () => queue(() => systemd.say('STOPPING=1')),
    alive: async () => {
      // sd_watchdog_enabled(3) recommends half of the interval
      if (watchdogMs === undefined || now() - aliveAt < watchdogMs / 2) return;
      aliveAt = now();
      await queue(() => systemd.say('WATCHDOG=1'));
    },
    // with a call every quarter, the longest pause between two messages is three quarters of the interval
    aliveEveryMs: watchdogMs === undefined ? undefined : watchdogMs / 4,
    close: () => queue(() => Promise.resolve()),
  };
}
