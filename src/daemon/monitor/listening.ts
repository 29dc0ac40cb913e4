// The monitor as the daemon wants it: lost events are told at most every few seconds, and so is that nobody listens.
import type { Condition } from '../../engine/types.ts';
import type { Clock } from '../../host/clock.ts';
import type { Monitor, MonitorHandlers } from '../../host/monitor-types.ts';
import type { Emit } from '../types.ts';
import { createPaced } from './paced.ts';

/** Under a storm that never ends, a full look this often is what it costs. */
const MISSED_EVERY_MS = 5_000;

export interface ListeningOptions extends Pick<MonitorHandlers, 'onEvents' | 'wantRoute'> {
  readonly monitor: (handlers: MonitorHandlers) => Monitor;
  readonly clock: Clock;
  readonly emit: Emit;
  /** events may have been missed: a full look is due */
  readonly onMissed: () => void;
  /** what is listened to: the kernel's `rtnetlink`, or that of a namespace */
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

/** `leave`: nobody wants to listen there any more, and what was told of it is over. */
export interface Listening extends Monitor {
  leave(): void;
}

export function createListening(options: ListeningOptions): Listening {
  const { monitor, clock, emit, onMissed, onEvents, wantRoute, subject } = options;
  let down: Condition | undefined;
  let heardBefore = false;
  // the first time at once, and once more after the last: what was lost in between is seen by that one
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
      // each try may fail alike; one that fails for another reason has another cure
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
