// From the kernel's events to passes: what is undone is noted and a pass is asked for; what a pass repaired is told, and who
// undoes the same again and again is left to win for a while. Events that come while a pass runs are its own, mostly: only
// the last word on each object is kept, and judged when the pass is over.
import { refOf } from '../../engine/settle.ts';
import type { AnyResource, ObjectRef, Report, Result } from '../../engine/types.ts';
import { systemClock, type Clock } from '../../host/clock.ts';
import type { KernelEvent } from '../../host/monitor-types.ts';
import { createMonitor } from '../../host/rtnetlink/monitor.ts';
import type { Host } from '../../host/types.ts';
import type { RouterModel } from '../../model/types.ts';
import type { Drift, Emit, Trigger } from '../types.ts';
import { findCulprit } from './culprit.ts';
import { createDriftBook } from './drift-book.ts';
import { createFights, type Fight } from './fights.ts';
import { createListening } from './listening.ts';
import { createPoll } from './poll.ts';
import { createRelevance, type Relevance, type Verdict } from './relevance.ts';

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
  readonly clock?: Clock;
  readonly monitor?: typeof createMonitor;
}

export interface DriftWatch {
  /** the model in force; a pass to it must follow. undefined: nothing is watched */
  setModel(model: RouterModel | undefined): void;
  passStarted(): void;
  /** an operation of the pass was tried */
  result(result: Result): void;
  /** @param report undefined where the pass failed as a whole */
  passFinished(report: Report | undefined): void;
  close(): void;
}

interface Heard {
  readonly verdict: Verdict;
  /** when it was undone first; a later event of the same undoing does not make it younger */
  readonly at: number;
}

interface Noted {
  readonly drift: Drift;
  readonly detail: string;
}

export function createDriftWatch(options: DriftWatchOptions): DriftWatch {
  const { host, resources, emit, trigger, clock = systemClock, monitor = createMonitor } = options;
  const book = createDriftBook();
  const fights = createFights();
  let model: RouterModel | undefined;
  let relevance: Relevance | undefined;
  /** the last word on each object since a pass began, or since it was judged */
  const heard = new Map<ObjectRef, Heard>();
  /** undone while a pass runs, by the pass itself perhaps */
  const during = new Map<ObjectRef, Noted>();
  /** when the running pass did its last operation on an object */
  const doneAt = new Map<ObjectRef, number>();
  /** what the last pass to this model did not leave as it shall be; undefined before there was one */
  let unsettled: ReadonlySet<string> | undefined;
  /** what operations of the last pass wait for: an interface that is not there yet */
  let awaited: ReadonlySet<string> = new Set();
  let passRuns = false;
  let passes = 0;
  const timers = new Set<() => void>();

  function later(ms: number, run: () => void): void {
    const cancel = clock.after(ms, () => {
      timers.delete(cancel);
      run();
    });
    timers.add(cancel);
  }

  function hear(verdicts: readonly Verdict[], at: number): void {
    for (const verdict of verdicts) {
      const before = heard.get(verdict.ref);
      const since = before?.verdict.undone === undefined ? at : before.at;
      heard.set(verdict.ref, { verdict, at: since });
      const noted = passRuns ? toNoted(verdict, at) : undefined;
      if (noted !== undefined && !during.has(verdict.ref)) during.set(verdict.ref, noted);
    }
    if (!passRuns && heard.size > 0 && settled) judge();
  }

  /** false for a moment after a pass, see OWN_EVENTS_MS */
  let settled = true;

  function judge(): void {
    const all = [...heard.values()];
    heard.clear();
    for (const { verdict, at } of all) weigh(verdict, at);
  }

  function weigh(verdict: Verdict, at: number): void {
    const { ref, undone } = verdict;
    const noted = toNoted(verdict, at);
    if (noted === undefined) book.sawFine(ref);
    // it appeared, whatever it looks like
    if (undone !== 'deleted' && awaited.has(ref)) trigger({ reason: 'drift', at });
    else if (noted !== undefined) note(noted, repair);
  }

  /** Opens it and counts it, and says how long its repair shall wait. */
  function note({ drift, detail }: Noted, then: (drift: Drift, pauseMs: number) => void): void {
    if (!book.open(drift, detail)) return;
    const fight = fights.note(drift.ref, drift.at);
    if (fight?.grew === true) void tellFight(drift, fight);
    then(drift, fight?.pauseMs ?? 0);
  }

  function repair(drift: Drift, pauseMs: number): void {
    const ask = (): void => {
      if (book.isOpen(drift.ref)) trigger({ reason: 'drift', at: clock.now(), drift });
    };
    if (pauseMs === 0) ask();
    else later(pauseMs, ask);
  }

  /** What was undone in the middle of a pass, and put right by it. Before the model's first pass nothing was ours to undo. */
  function noteDuring({ results }: Report): void {
    const done = new Set(
      results.filter(({ outcome }) => outcome.status === 'done').map((result) => refOf(result.operation)),
    );
    for (const [ref, noted] of during) {
      if (unsettled !== undefined && !unsettled.has(ref) && done.has(ref)) note(noted, () => undefined);
    }
  }

  async function tellFight({ ref, at }: Drift, { times, pauseMs }: Fight): Promise<void> {
    emit({ type: 'fight', ref, times, culprit: await findCulprit(host, at), pauseMs });
  }

  const listening = createListening({
    monitor,
    clock,
    emit,
    onEvents: (events: readonly KernelEvent[]) => {
      const at = clock.now();
      const current = relevance;
      if (current !== undefined)
        hear(
          events.flatMap((event) => current.judge(event)),
          at,
        );
    },
    // before the first pass there is nothing that could have been missed
    onMissed: () => {
      if (passes > 0) trigger({ reason: 'overflow', at: clock.now() });
    },
    wantRoute: (table, protocol) => relevance?.wantRoute(table, protocol) ?? false,
  });
  const poll = createPoll({
    ...{ host, resources, clock },
    model: () => (passRuns || !settled ? undefined : model),
    found: (verdicts) => hear(verdicts, clock.now()),
  });

  return {
    setModel(next) {
      if (next === model) return;
      model = next;
      relevance = next === undefined ? undefined : createRelevance(resources, next);
      heard.clear();
      book.clear();
      awaited = new Set();
      unsettled = undefined;
    },
    passStarted() {
      passRuns = true;
      passes += 1;
      // the pass looks at everything after these
      for (const { verdict, at } of heard.values()) {
        const noted = toNoted(verdict, at);
        if (noted !== undefined) note(noted, () => undefined);
      }
      heard.clear();
      during.clear();
      doneAt.clear();
    },
    result({ operation, outcome }) {
      if (outcome.status === 'done') doneAt.set(refOf(operation), clock.now());
    },
    passFinished(report) {
      passRuns = false;
      settled = false;
      if (report !== undefined) {
        noteDuring(report);
        awaited = new Set(report.waiting.map(({ missing }) => missing));
        unsettled = unsettledBy(report);
        const now = clock.now();
        for (const { drift, operations } of book.settle(report)) {
          emit({ type: 'repaired', drift, goneMs: (doneAt.get(drift.ref) ?? now) - drift.at, operations });
        }
      }
      later(OWN_EVENTS_MS, () => {
        settled = true;
        if (!passRuns) judge();
      });
    },
    close() {
      listening.close();
      poll.close();
      for (const cancel of timers) cancel();
    },
  };
}

const toNoted = ({ ref, undone, detail }: Verdict, at: number): Noted | undefined =>
  undone === undefined ? undefined : { drift: { ref, undone, at }, detail };

const unsettledBy = ({ results, remaining, waiting }: Report): ReadonlySet<string> =>
  new Set(
    [
      ...results.filter(({ outcome }) => outcome.status !== 'done').map(({ operation }) => operation),
      ...waiting.map(({ operation }) => operation),
      ...remaining,
    ].map(refOf),
  );
