// Where the watch hears of the host: the kernel's events, and a look now and then at what the kernel tells nothing of.
import type { AnyResource } from '../../engine/types.ts';
import type { Clock } from '../../host/clock.ts';
import type { Monitor } from '../../host/monitor-types.ts';
import { createMonitor } from '../../host/rtnetlink/monitor.ts';
import type { Host } from '../../host/types.ts';
import type { RouterModel } from '../../model/types.ts';
import type { Emit, Trigger } from '../types.ts';
import { createListening } from './listening.ts';
import { createPoll } from './poll.ts';
import type { Relevance, Verdict } from './relevance.ts';

/** The model in force, and what of the kernel's events is about it. */
export interface InForce {
  readonly model: RouterModel;
  readonly relevance: Relevance;
}

export interface EventSourcesOptions {
  readonly host: Host;
  readonly resources: readonly AnyResource[];
  readonly clock: Clock;
  readonly emit: Emit;
  readonly trigger: (trigger: Trigger) => void;
  readonly monitor?: typeof createMonitor;
  readonly inForce: () => InForce | undefined;
  readonly hear: (verdicts: readonly Verdict[], at: number) => void;
  /** whether a look now and then is due now */
  readonly polls: () => boolean;
  /** whether an event that was lost is worth a pass */
  readonly misses: () => boolean;
}

export function createEventSources(options: EventSourcesOptions): Pick<Monitor, 'close'> {
  const { host, resources, emit, trigger, clock, monitor = createMonitor, inForce, hear, polls, misses } = options;
  const listening = createListening({
    ...{ monitor, clock, emit },
    onEvents(events) {
      const at = clock.now();
      const relevance = inForce()?.relevance;
      if (relevance === undefined) return;
      hear(
        events.flatMap((event) => relevance.judge(event)),
        at,
      );
    },
    onMissed() {
      if (misses()) trigger({ reason: 'overflow', at: clock.now() });
    },
    wantRoute: (table, protocol) => inForce()?.relevance.wantRoute(table, protocol) ?? false,
  });
  const poll = createPoll({
    ...{ host, resources, clock },
    model: () => (polls() ? inForce()?.model : undefined),
    found: (verdicts) => hear(verdicts, clock.now()),
  });
  return {
    close() {
      listening.close();
      poll.close();
    },
  };
}
