// The sources of the watch: the kernel's events, and a regular look at objects that the kernel does not announce.
import type { AnyResource } from '../../engine/types.ts';
import type { Clock } from '../../host/clock.ts';
import type { KernelEvent, Monitor, MonitorHandlers } from '../../host/monitor-types.ts';
import { createInsideMonitor } from '../../host/netns/monitor.ts';
import { createMonitor } from '../../host/rtnetlink/monitor.ts';
import type { KeptSnapshot } from '../../host/kept-snapshot.ts';
import { placeOf } from '../../model/sides.ts';
import type { RouterModel } from '../../model/types.ts';
import type { Beat } from '../beat.ts';
import type { Emit, Trigger } from '../types.ts';
import { createListening, type Listening } from './listening.ts';
import { createPaced } from './paced.ts';
import { createPoll } from './poll.ts';
import type { Relevance, Verdict } from './relevance.ts';

/** The model in force, and which of the kernel's events concern it. */
export interface InForce {
  readonly model: RouterModel;
  readonly relevance: Relevance;
}

export interface EventSources extends Pick<Monitor, 'close'> {
  /** also listens inside the mesh's namespace, if the model in force has one */
  passFinished(): void;
}

export interface EventSourcesOptions {
  readonly kept: KeptSnapshot;
  readonly resources: readonly AnyResource[];
  readonly clock: Clock;
  readonly beat: Beat;
  readonly emit: Emit;
  readonly trigger: (trigger: Trigger) => void;
  readonly monitor?: typeof createMonitor;
  readonly insideMonitor?: typeof createInsideMonitor;
  readonly inForce: () => InForce | undefined;
  readonly hear: (verdicts: readonly Verdict[], at: number) => void;
  /** whether the poll may look now */
  readonly polls: () => boolean;
  /** whether a lost event needs a pass */
  readonly misses: () => boolean;
}

const STIRRED_EVERY_MS = 1_000;

export function createEventSources(options: EventSourcesOptions): EventSources {
  const { trigger, clock, inForce, hear, polls, misses } = options;
  /** A condition started or ended: a pass follows at once, and under a storm of such events once a second. */
  const stirs = createPaced(clock, STIRRED_EVERY_MS, () => {
    if (misses()) trigger({ reason: 'drift', at: clock.ticks() });
  });
  const listen = createListeners(options, (events) => {
    const at = clock.ticks();
    const relevance = inForce()?.relevance;
    if (relevance === undefined) return;
    if (events.some((event) => relevance.stirs(event))) stirs.knock();
    const verdicts = events.flatMap((event) => relevance.judge(event));
    hear(verdicts, at);
  });
  const listening = listen('');
  let inner: { readonly place: string; readonly listening: Listening } | undefined;
  const poll = createPoll({
    ...options,
    model: () => (polls() ? inForce()?.model : undefined),
    found: (verdicts) => hear(verdicts, clock.ticks()),
  });
  return {
    passFinished() {
      const current = inForce();
      const place = current === undefined ? '' : placeOf(current.model);
      if (place === (inner?.place ?? '')) return;
      inner?.listening.leave();
      if (inner !== undefined) options.kept.hears(false, inner.place);
      inner = place === '' ? undefined : { place, listening: listen(place) };
    },
    close: () => [stirs, listening, inner?.listening, poll].forEach((one) => one?.close()),
  };
}

/** The snapshot gets every event first. */
const telling = (kept: KeptSnapshot, netns: string, handlers: MonitorHandlers): MonitorHandlers => ({
  ...handlers,
  onTouched: (touch) => kept.touched(touch, netns),
  onOverflow() {
    kept.hears(true, netns);
    handlers.onOverflow();
  },
  onDown(reason) {
    kept.hears(false, netns);
    handlers.onDown?.(reason);
  },
});

type OnEvents = (events: readonly KernelEvent[]) => void;

/** Listeners by the name of a namespace, '' for the agent's own. */
function createListeners(options: EventSourcesOptions, onEvents: OnEvents): (netns: string) => Listening {
  const { trigger, clock, emit, misses, inForce, kept } = options;
  const { monitor = createMonitor, insideMonitor = createInsideMonitor } = options;
  const onMissed = (): void => {
    if (misses()) trigger({ reason: 'overflow', at: clock.ticks() });
  };
  return (netns) => {
    const inside = netns === '' ? undefined : netns;
    return createListening({
      ...{ clock, emit, onMissed },
      subject: inside === undefined ? 'rtnetlink' : `rtnetlink in ${netns}`,
      monitor: (handlers) => {
        const told = telling(kept, netns, handlers);
        return inside === undefined ? monitor(told) : insideMonitor(inside, told);
      },
      onEvents: inside === undefined ? onEvents : (events) => onEvents(events.map((event) => ({ ...event, netns }))),
      wantRoute: (table, protocol) => inForce()?.relevance.wantRoute(table, protocol, inside) ?? false,
    });
  };
}
