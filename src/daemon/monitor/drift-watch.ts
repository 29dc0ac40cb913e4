// Turns the kernel's events into passes: records undone objects and requests a pass. The events during a pass are mostly its own:
// only the last event of each object is kept, and judged when the pass is over.
import { refOf } from '../../engine/settle.ts';
import type { AnyResource, Plan, Report, Result } from '../../engine/types.ts';
import { systemClock, type Clock } from '../../host/clock.ts';
import type { createMonitor } from '../../host/rtnetlink/monitor.ts';
import { keepSnapshot, type KeptSnapshot } from '../../host/kept-snapshot.ts';
import type { Host } from '../../host/types.ts';
import type { RouterModel } from '../../model/types.ts';
import type { Beat } from '../beat.ts';
import type { Emit, Trigger } from '../types.ts';
import { createGuards, type Guards } from './guards.ts';
import { createHeardList, toNoted, type Heard } from './heard.ts';
import { createEventSources, type InForce } from './event-sources.ts';
import { createPassMemory, type PassMemory } from './pass-memory.ts';
import { createRelevance, type Verdict } from './relevance.ts';
import { createRepairs, type Repairs } from './repairs.ts';
import { createTimers, type Timers } from './timers.ts';

/**
 * The last of a pass' own events may still arrive after its end; a state in the middle of a change (a link that is not up yet)
 * is not drift.
 */
const OWN_EVENTS_MS = 5;

export interface DriftWatchOptions {
  /** the host with the name cache: its resolveName asks no DNS */
  readonly host: Host;
  /** the snapshot that gets all events of the host */
  readonly kept?: KeptSnapshot;
  readonly resources: readonly AnyResource[];
  readonly emit: Emit;
  readonly trigger: (trigger: Trigger) => void;
  /** the model that is repaired while a veto holds the new one back */
  readonly standing?: () => RouterModel | undefined;
  /** whether an operator has put repairs on hold */
  readonly held?: () => boolean;
  readonly clock?: Clock;
  readonly beat?: Beat;
  readonly monitor?: typeof createMonitor;
}

export interface DriftWatch {
  /** sets the model in force; a pass to it must follow. undefined: nothing is watched */
  setModel(model: RouterModel | undefined): void;
  passStarted(): void;
  /** called before the pass' first operation: so a guard that the pass itself withdraws is not restored */
  planned(plan: Pick<Plan, 'foreign'>): void;
  /** called after each operation of the pass */
  result(result: Result): void;
  /** @param report undefined if the pass failed as a whole */
  passFinished(report: Report | undefined): void;
  readonly guards: Pick<Guards, 'take' | 'doneAt' | 'closed' | 'conditions'>;
  close(): void;
}

export function createDriftWatch(options: DriftWatchOptions): DriftWatch {
  const { host, resources, clock = systemClock, beat = clock.after, kept = keepSnapshot(host) } = options;
  const timers = createTimers(clock);
  const repairs = createRepairs({ ...options, clock, timers });
  const memory = createPassMemory();
  const watched = createWatched(resources);
  const passes: Passes = { count: 0, runs: false, settled: true, wanted: undefined, reached: undefined };
  const isCalm = (): boolean => !passes.runs && passes.settled;
  const guards = createGuards({
    ...{ ...options, clock },
    // the first pass to a model may be undone, together with its guards
    model: () => (watched.model() !== passes.reached || options.held?.() === true ? undefined : passes.reached),
  });
  const parts: Parts = { ...options, clock, timers, repairs, memory, watched, passes, guards };
  const hearing = createHearing(parts, isCalm);
  const sources = createEventSources({
    ...{ ...options, clock, beat, kept, hear: hearing.hear },
    inForce: () => watched.current(),
    // a pass observes everything itself
    polls: isCalm,
    // before the first pass no event can be missed
    misses: () => passes.count > 0,
  });
  return {
    guards,
    setModel(model) {
      passes.wanted = model;
      if (model === watched.model()) return;
      watched.follow(model);
      for (const memories of [hearing, repairs]) memories.clear();
      memory.forget();
    },
    passStarted: () => hearing.passStarted(),
    planned: watched.lookPast,
    result: (result) => memory.result(result, clock.ticks()),
    passFinished(report) {
      sources.passFinished();
      passFinished(parts, report);
      timers.after(OWN_EVENTS_MS, hearing.settled);
    },
    close: () => [sources, guards, { close: () => timers.cancelAll() }].forEach((one) => one.close()),
  };
}

interface Passes {
  count: number;
  runs: boolean;
  /** false during OWN_EVENTS_MS after a pass */
  settled: boolean;
  /** the model that passes are to reach */
  wanted: RouterModel | undefined;
  /** the model that the last pass reached */
  reached: RouterModel | undefined;
}

interface Parts extends Omit<DriftWatchOptions, 'clock'> {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly repairs: Repairs;
  readonly memory: PassMemory;
  readonly watched: Watched;
  readonly passes: Passes;
  readonly guards: Guards;
}

function passFinished(parts: Parts, report: Report | undefined): void {
  const { passes, watched, memory, repairs, guards } = parts;
  passes.runs = false;
  passes.settled = false;
  if (report === undefined) return;
  // while a veto holds the new model back, the earlier one is repaired and watched
  watched.follow(report.heldBy === undefined ? passes.wanted : (parts.standing?.() ?? passes.wanted));
  passes.reached = watched.model();
  watched.lookPast(report);
  for (const noted of memory.finished(report)) if (!watched.isMoot(noted.drift)) repairs.note(noted);
  repairs.settle(report, (ref) => memory.doneAt(ref) ?? guards.doneAt(ref));
}

interface Watched {
  current(): InForce | undefined;
  model(): RouterModel | undefined;
  follow(model: RouterModel | undefined): void;
  /** A foreign link with a name of ours changes the desired objects as long as it exists. */
  readonly lookPast: (plan: Pick<Plan, 'foreign'>) => void;
  /** Whether the change agrees with the desired objects now: a pass withdrew the object or restored it (Relevance.wants). */
  isMoot(verdict: Pick<Verdict, 'ref' | 'undone'>): boolean;
}

/** Keeps the watched model: the one that passes are to reach, or the one before it. */
function createWatched(resources: readonly AnyResource[]): Watched {
  let inForce: (InForce & { readonly blocked: string }) | undefined;
  return {
    current: () => inForce,
    model: () => inForce?.model,
    follow(model) {
      if (model === inForce?.model) return;
      inForce = model && { model, relevance: createRelevance(resources, model), blocked: '' };
    },
    lookPast({ foreign }) {
      const blocked = foreign.filter(({ blocking }) => blocking).map(refOf);
      if (inForce === undefined || blocked.join() === inForce.blocked) return;
      const { model } = inForce;
      inForce = { model, relevance: createRelevance(resources, model, new Set(blocked)), blocked: blocked.join() };
    },
    isMoot: ({ ref, undone }) =>
      undone !== undefined && undone !== 'changed' && inForce?.relevance.wants(ref) === (undone === 'added'),
  };
}

interface Hearing {
  readonly hear: (verdicts: readonly Verdict[], at: number) => void;
  passStarted(): void;
  /** called when the pass' own events have arrived */
  readonly settled: () => void;
  clear(): void;
}

/** Keeps the last event of each object, and judges it when no pass runs. */
function createHearing({ trigger, repairs, memory, watched, passes, guards }: Parts, isCalm: () => boolean): Hearing {
  const heard = createHeardList();

  function weigh({ verdict, at }: Heard): void {
    const { ref } = verdict;
    const undone = watched.isMoot(verdict) ? undefined : verdict.undone;
    const noted = toNoted({ ...verdict, undone }, at);
    if (noted === undefined) repairs.sawFine(ref);
    // the awaited object exists now, in whatever state
    if (undone !== 'deleted' && memory.isAwaited(ref)) trigger({ reason: 'drift', at });
    else if (noted !== undefined) repairs.ask(noted);
  }

  const judge = (): void => (isCalm() ? heard.take().forEach(weigh) : undefined);

  return {
    hear(verdicts, at) {
      for (const verdict of verdicts) {
        if (verdict.guard?.make !== undefined) guards.undone(verdict.ref, verdict.guard.make, at);
        heard.add(verdict, at);
        const noted = passes.runs ? toNoted(verdict, at) : undefined;
        if (noted !== undefined) memory.undoneMeanwhile(noted);
      }
      judge();
    },
    passStarted() {
      passes.runs = true;
      passes.count += 1;
      // the pass observes everything after these events
      for (const { verdict, at } of heard.take()) {
        const noted = toNoted(verdict, at);
        if (noted !== undefined) repairs.note(noted);
      }
      memory.started();
    },
    settled() {
      passes.settled = true;
      judge();
    },
    clear: () => heard.clear(),
  };
}
