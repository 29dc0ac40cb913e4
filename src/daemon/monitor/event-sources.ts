// Where the watch hears of the host: the kernel's events, and a look now and then at what the kernel tells nothing of.
import type { AnyResource } from '../../engine/types.ts';
import type { Clock } from '../../host/clock.ts';
import type { KernelEvent, Monitor } from '../../host/monitor-types.ts';
import { createInsideMonitor } from '../../host/netns/monitor.ts';
import { createMonitor } from '../../host/rtnetlink/monitor.ts';
import type { Host } from '../../host/types.ts';
import { placeOf } from '../../model/sides.ts';
import type { RouterModel } from '../../model/types.ts';
import type { Beat } from '../beat.ts';
import type { Emit, Trigger } from '../types.ts';
import { createListening } from './listening.ts';
import { createPaced } from './paced.ts';
import { createPoll } from './poll.ts';
import type { Relevance, Verdict } from './relevance.ts';

/** The model in force, and what of the kernel's events is about it. */
export interface InForce {
  readonly model: RouterModel;
  readonly relevance: Relevance;
}

export interface EventSources extends Pick<Monitor, 'close'> {
  /** listens inside the mesh's namespace as well, where the model in force has one */
  passFinished(): void;
}

export interface EventSourcesOptions {
  readonly host: Host;
  readonly resources: readonly AnyResource[];
  readonly clock: Clock;
  readonly beat: Beat;
  readonly emit: Emit;
  readonly trigger: (trigger: Trigger) => void;
  readonly monitor?: typeof createMonitor;
  readonly insideMonitor?: typeof createInsideMonitor;
  readonly inForce: () => InForce | undefined;
  readonly hear: (verdicts: readonly Verdict[], at: number) => void;
  /** whether a look now and then is due now */
  readonly polls: () => boolean;
  /** whether an event that was lost is worth a pass */
  readonly misses: () => boolean;
}

const STIRRED_EVERY_MS = 1_000;

export function createEventSources(options: EventSourcesOptions): EventSources {
  const {
    host,
    resources,
    emit,
    trigger,
    clock,
    beat,
    monitor = createMonitor,
    inForce,
    hear,
    polls,
    misses,
  } = options;
  const { insideMonitor = createInsideMonitor } = options;
  /** A condition came or went: its pass comes at once, and under a storm of them once a second. */
  const { knock: stirred, close: quiet } = createPaced(clock, STIRRED_EVERY_MS, () => {
    if (misses()) trigger({ reason: 'drift', at: clock.now() });
  });
  const onEvents = (events: readonly KernelEvent[]): void => {
    const at = clock.ticks();
    const relevance = inForce()?.relevance;
    if (relevance === undefined) return;
    if (events.some((event) => relevance.stirs(event))) stirred();
    hear(
      events.flatMap((event) => relevance.judge(event)),
      at,
    );
  };
  const shared = {
    ...{ clock, emit },
    onMissed() {
      if (misses()) trigger({ reason: 'overflow', at: clock.ticks() });
    },
  };
  const listening = createListening({
    ...{ ...shared, monitor, onEvents, subject: 'rtnetlink' },
    wantRoute: (table, protocol) => inForce()?.relevance.wantRoute(table, protocol) ?? false,
  });
  const listenInside = (netns: string): Monitor =>
    createListening({
      ...{ ...shared, subject: `rtnetlink in ${netns}` },
      monitor: (handlers) => insideMonitor(netns, handlers),
      onEvents: (events) => onEvents(events.map((event) => ({ ...event, netns }))),
      wantRoute: (table, protocol) => inForce()?.relevance.wantRoute(table, protocol, netns) ?? false,
    });
  let inner: { readonly place: string; readonly listening: Monitor } | undefined;
  const poll = createPoll({
    ...{ host, resources, clock, beat },
    model: () => (polls() ? inForce()?.model : undefined),
    found: (verdicts) => hear(verdicts, clock.ticks()),
  });
  return {
    passFinished() {
      const current = inForce();
      const place = current === undefined ? '' : placeOf(current.model);
      if (place === (inner?.place ?? '')) return;
      inner?.listening.close();
      inner = place === '' ? undefined : { place, listening: listenInside(place) };
    },
    close() {
      quiet();
      listening.close();
      inner?.listening.close();
      poll.close();
    },
  };
}
