// Passes the daemon's events on to systemd, and keeps the line of `systemctl status` up to date.
import type { Clock } from '../host/clock.ts';
import { isHostError } from '../host/error.ts';
import type { Status } from '../status/types.ts';
import type { Beat } from './beat.ts';
import type { Notifier } from './notify.ts';
import { statusLine } from './status-line.ts';
import type { DaemonEvent, DaemonState, Emit } from './types.ts';

/** Handshakes and adjacencies change without a pass. */
const REFRESH_MS = 60_000;
/** passes that follow each other closely update the line only once */
const QUIET_MS = 200;

export interface TellSystemdOptions {
  readonly notifier: Notifier;
  /** false: nobody reads the line, so it is not made */
  readonly listens: boolean;
  readonly clock: Clock;
  readonly beat: Beat;
  readonly state: () => DaemonState;
  readonly status: () => Promise<Status>;
}

export interface TellSystemd {
  readonly listen: Emit;
  close(): Promise<void>;
}

/** Events that may change the line. */
const changes: readonly DaemonEvent['type'][] = [
  'pass',
  'hold',
  'resume',
  'state-bad',
  'state-awaited',
  'state-mended',
  'state-withdrawn',
  'bird',
];

export function tellSystemd({ notifier, listens, clock, beat, state, status }: TellSystemdOptions): TellSystemd {
  let cancel: () => void = () => undefined;
  let closed = false;
  let busy: Promise<void> = Promise.resolve();

  async function refresh(): Promise<void> {
    let now: Status | undefined;
    try {
      now = state().lastPass === undefined ? undefined : await status();
    } catch (error) {
      // a host that cannot be read fails passes, which is reported; a bug here costs only the line, not the daemon
      if (!isHostError(error)) return;
    }
    await notifier.status(statusLine(state(), now));
  }

  function later(ms: number): void {
    cancel();
    if (closed || !listens) return;
    cancel = (ms === REFRESH_MS ? beat : clock.after)(ms, () => {
      busy = refresh().finally(() => later(REFRESH_MS));
    });
  }

  return {
    listen({ type }) {
      if (type === 'ready') void notifier.ready();
      if (type === 'reloading') void notifier.reloading();
      if (type === 'stopping') void notifier.stopping();
      if (changes.includes(type)) later(QUIET_MS);
    },
    async close() {
      closed = true;
      cancel();
      await busy;
      await notifier.close();
    },
  };
}
