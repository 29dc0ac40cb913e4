// Wraps the monitor for the daemon: limits the full looks after lost events, and reports once that the monitor is down.
import type { Condition } from '../../engine/types.ts';
import type { Clock } from '../../host/clock.ts';
import type { Monitor, MonitorHandlers } from '../../host/monitor-types.ts';
import type { Emit } from '../types.ts';
import { createPaced } from './paced.ts';

/** Under an endless storm of events, a full look runs this often. */
const MISSED_EVERY_MS = 5_000;

export interface ListeningOptions extends Pick<MonitorHandlers, 'onEvents' | 'wantRoute'> {
  readonly monitor: (handlers: MonitorHandlers) => Monitor;
  readonly clock: Clock;
  readonly emit: Emit;
  /** events may have been missed: a full look is due */
  readonly onMissed: () => void;
  /** the source of events: the kernel's `rtnetlink`, or that of a namespace */
  readonly subject: string;
}

const deaf = (subject: string, reason: string): Condition => ({
  code: 'monitor-down',
  severity: 'warning',
  subject,
  message:
    `nobody listens to the kernel: ${reason}; what is undone is repaired by the full pass every 10 minutes until it works ` +
    `again (it needs rtmon of the package iproute2 and setpriv of util-linux)`,
});

/** `leave`: stops listening for good, and ends the reported condition. */
export interface Listening extends Monitor {
  leave(): void;
}

export function createListening(options: ListeningOptions): Listening {
  const { monitor, clock, emit, onMissed, onEvents, wantRoute, subject } = options;
  let down: Condition | undefined;
  let heardBefore = false;
  // calls onMissed at once for the first loss, and again after the last: that look sees everything lost in between
  const missed = createPaced(clock, MISSED_EVERY_MS, onMissed);

  function up(): void {
    if (down !== undefined) emit({ type: 'condition', condition: down, raised: false });
    down = undefined;
  }

  const inner = monitor({
    onEvents,
    wantRoute,
    onOverflow() {
      if (down === undefined && heardBefore && !missed.isDue()) emit({ type: 'overflow' });
      up();
      heardBefore = true;
      missed.knock();
    },
    onDown(reason) {
      const now = deaf(subject, reason);
      // retries usually fail for the same reason; only a new reason is reported
      if (down?.message === now.message) return;
      down = now;
      emit({ type: 'condition', condition: down, raised: true });
    },
  });
  const close = (): void => [inner, missed].forEach((one) => one.close());
  return {
    close,
    leave() {
      close();
      up();
    },
  };
}
