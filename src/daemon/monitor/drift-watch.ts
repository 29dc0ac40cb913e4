// From the kernel's events to passes: what is undone is noted and a pass is asked for. Events that come while a pass runs are
// its own, mostly: only the last word on each object is kept, and judged when the pass is over.
import { refOf } from '../../engine/settle.ts';
import type { AnyResource, Plan, Report, Result } from '../../engine/types.ts';
import { systemClock, type Clock } from '../../host/clock.ts';
import type { createMonitor } from '../../host/rtnetlink/monitor.ts';
import type { Host } from '../../host/types.ts';
import type { RouterModel } from '../../model/types.ts';
import type { Beat } from '../beat.ts';
import type { Emit, Trigger } from '../types.ts';
import { createGuards, type Guards } from './guards.ts';
import { createHeardList, toNoted, type Heard } from './heard.ts';
import { createEventSources, type InForce } from './event-sources.ts';
import { createPassMemory } from './pass-memory.ts';
import { createRelevance, type Verdict } from './relevance.ts';
import { createRepairs } from './repairs.ts';
import { createTimers } from './timers.ts';

/**
 * The last of a pass' own events may still be under way when it is over; what they say in the middle of a change (a link
 * that is not up yet) is no drift.
 */
const OWN_EVENTS_MS = 5;

export interface DriftWatchOptions {
  /** its resolveName answers from memory */
  readonly host: Host;
  readonly resources: readonly AnyResource[];
  readonly emit: Emit;
  readonly trigger: (trigger: Trigger) => void;
  /** what is repaired while a veto holds the model in force back */
  readonly standing?: () => RouterModel | undefined;
  /** an operator wants nothing repaired for a while */
  readonly held?: () => boolean;
  readonly clock?: Clock;
  readonly beat?: Beat;
  readonly monitor?: typeof createMonitor;
}

export interface DriftWatch {
  /** the model in force; a pass to it must follow. undefined: nothing is watched */
  setModel(model: RouterModel | undefined): void;
  passStarted(): void;
  /** before the pass' first operation: a guard that it withdraws itself is not put back */
  planned(plan: Pick<Plan, 'foreign'>): void;
  /** an operation of the pass was tried */
  result(result: Result): void;
  /** @param report undefined where the pass failed as a whole */
  passFinished(report: Report | undefined): void;
  readonly guards: Pick<Guards, 'take' | 'doneAt' | 'closed' | 'conditions'>;
  close(): void;
}

export function createDriftWatch(options: DriftWatchOptions): DriftWatch {
  const { resources, clock = systemClock, beat = clock.after } = options;
  const timers = createTimers(clock);
  const repairs = createRepairs({ ...options, clock, timers });
  const memory = createPassMemory();
  const heard = createHeardList();
  /** what passes shall reach, and what of that or of the state before is watched */
  let wanted: RouterModel | undefined;
  let inForce: (InForce & { readonly blocked: string }) | undefined;
  /** the one that a pass has ended to */
  let reached: RouterModel | undefined;
  let passRuns = false;
  let passes = 0;
  /** false for a moment after a pass, see OWN_EVENTS_MS */
  let settled = true;

  function follow(model: RouterModel | undefined): void {
    if (model === inForce?.model) return;
    inForce = model && { model, relevance: createRelevance(resources, model), blocked: '' };
  }

  const guards = createGuards({
    ...{ ...options, clock },
    // a first pass to a model may be undone, and its guards with it
    model: () => (inForce?.model !== reached || options.held?.() === true ? undefined : reached),
  });

  function hear(verdicts: readonly Verdict[], at: number): void {
    for (const verdict of verdicts) {
      if (verdict.guard?.make !== undefined) guards.undone(verdict.ref, verdict.guard.make, at);
      heard.add(verdict, at);
      const noted = passRuns ? toNoted(verdict, at) : undefined;
      if (noted !== undefined) memory.undoneMeanwhile(noted);
    }
    judge();
  }

  function judge(): void {
    if (!passRuns && settled) for (const one of heard.take()) weigh(one);
  }

  function weigh({ verdict, at }: Heard): void {
    const { ref } = verdict;
    const undone = isMoot(verdict) ? undefined : verdict.undone;
    const noted = toNoted({ ...verdict, undone }, at);
    if (noted === undefined) repairs.sawFine(ref);
    // it appeared, whatever it looks like
    if (undone !== 'deleted' && memory.isAwaited(ref)) options.trigger({ reason: 'drift', at });
    else if (noted !== undefined) repairs.ask(noted);
  }

  /** What a pass withdrew, or put back, while another was wanted (Relevance.wants). */
  const isMoot = ({ ref, undone }: Pick<Verdict, 'ref' | 'undone'>): boolean =>
    undone !== undefined && undone !== 'changed' && inForce?.relevance.wants(ref) === (undone === 'added');

  /** Another's link with a name of ours changes what is wanted, until it is gone. */
  function lookPast({ foreign }: Pick<Plan, 'foreign'>): void {
    const blocked = foreign.filter(({ blocking }) => blocking).map(refOf);
    if (inForce === undefined || blocked.join() === inForce.blocked) return;
    const { model } = inForce;
    inForce = { model, relevance: createRelevance(resources, model, new Set(blocked)), blocked: blocked.join() };
  }

  const sources = createEventSources({
    ...{ ...options, clock, beat, hear },
    inForce: () => inForce,
    // the pass looks at everything itself
    polls: () => !passRuns && settled,
    // before the first pass there is nothing that could have been missed
    misses: () => passes > 0,
  });

  return {
    guards,
    setModel(model) {
      wanted = model;
      if (model === inForce?.model) return;
      follow(model);
      heard.clear();
      repairs.clear();
      memory.forget();
    },
    passStarted() {
      passRuns = true;
      passes += 1;
      // the pass looks at everything after these
      for (const { verdict, at } of heard.take()) {
        const noted = toNoted(verdict, at);
        if (noted !== undefined) repairs.note(noted);
      }
      memory.started();
    },
    planned: lookPast,
    result: (result) => memory.result(result, clock.ticks()),
    passFinished(report) {
      sources.passFinished();
      passRuns = false;
      settled = false;
      if (report !== undefined) {
        // what a veto keeps from coming into force is not what is repaired
        follow(report.heldBy === undefined ? wanted : (options.standing?.() ?? wanted));
        reached = inForce?.model;
        lookPast(report);
        for (const noted of memory.finished(report)) if (!isMoot(noted.drift)) repairs.note(noted);
        repairs.settle(report, (ref) => memory.doneAt(ref) ?? guards.doneAt(ref));
      }
      timers.after(OWN_EVENTS_MS, () => {
        settled = true;
        judge();
      });
    },
    close() {
      sources.close();
      guards.close();
      timers.cancelAll();
    },
  };
}
