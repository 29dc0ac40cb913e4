// The monitor as the daemon wants it: lost events are told at most every few seconds, and so is that nobody listens.
import type { Condition } from '../../engine/types.ts';
import type { Clock } from '../../host/clock.ts';
import type { Monitor, MonitorHandlers } from '../../host/monitor-types.ts';
import type { Emit } from '../types.ts';

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

export function createListening(options: ListeningOptions): Monitor {
  const { monitor, clock, emit, onMissed, onEvents, wantRoute, subject } = options;
  let down: Condition | undefined;
  let heardBefore = false;
  let lastAt = -Infinity;
  let cancel: (() => void) | undefined;

  function missed(): void {
    cancel = undefined;
    lastAt = clock.ticks();
    onMissed();
  }

  /** The first time at once, and once more after the last: what was lost in between is seen by that one. */
  function missedSomething(): void {
    const wait = lastAt + MISSED_EVERY_MS - clock.ticks();
    if (wait <= 0) missed();
    else cancel ??= clock.after(wait, missed);
  }

  const inner = monitor({
    onEvents,
    wantRoute,
    onOverflow() {
      if (down !== undefined) emit({ type: 'condition', condition: down, raised: false });
      else if (heardBefore && cancel === undefined) emit({ type: 'overflow' });
      down = undefined;
      heardBefore = true;
      missedSomething();
    },
    onDown(reason) {
      const now = deaf(subject, reason);
      // each try may fail alike; one that fails for another reason has another cure
      if (down?.message === now.message) return;
      down = now;
      emit({ type: 'condition', condition: down, raised: true });
    },
  });
  return {
    close() {
      inner.close();
      cancel?.();
    },
  };
}
