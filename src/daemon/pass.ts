// One pass of the daemon: runs the engine's pass to the model in force, and notifies the other parts.
import { withConditions } from '../engine/in-sync.ts';
import { isInSync, makeWholePlan } from '../engine/reconcile.ts';
import type { AnyResource, Condition, Plan, Report, Result } from '../engine/types.ts';
import type { KeptSnapshot } from '../host/kept-snapshot.ts';
import type { HostReader } from '../host/reader.ts';
import { leakConditions } from '../leak-check/leak-conditions.ts';
import { reconcileClosed, type ClosedReport, type Earlier } from '../leak-check/reconcile-closed.ts';
import type { RouterModel } from '../model/types.ts';
import type { DriftWatch } from './monitor/drift-watch.ts';
import { firstAid } from './first-aid.ts';
import type { PassOptions } from './loop.ts';
import type { DaemonEvent, Emit, Trigger } from './types.ts';

export interface PassParts {
  /** its host has the name cache and the deadline for BIRD: no read here waits for long */
  readonly kept: KeptSnapshot;
  readonly resources: readonly AnyResource[];
  readonly model: () => RouterModel | undefined;
  readonly emit: Emit;
  readonly started: () => void;
  /** called before the first operation */
  readonly planned: (plan: Plan) => void;
  /** called after each operation */
  readonly result: (result: Result) => void;
  /** called at the end; undefined if the pass failed as a whole */
  readonly finished: (report: Report | undefined) => void;
  /** the model to bring back if the pass opens a path; undefined if the model in force was applied before */
  readonly earlier: () => Earlier | undefined;
  readonly guards: Pick<DriftWatch['guards'], 'take' | 'closed' | 'conditions'>;
  /** the model that is repaired even while a veto holds a new one back */
  readonly standing: () => RouterModel | undefined;
  /** called when the model in force was applied, fully or partly */
  readonly applied: (complete: boolean) => Promise<void>;
  /** called when the pass to this model opened a path and was undone */
  readonly withdraw: (model: RouterModel) => Promise<void>;
  /** brings a withdrawn model into force again if the reason is gone; whether one is still withdrawn */
  readonly reconsider: () => Promise<boolean>;
  /** reads the state file again, in case the event of a change was lost */
  readonly look: () => void;
}

/** milliseconds; bird.service is ordered after ours, so at boot BIRD starts only after our first pass */
const BIRD_STARTS_MS = 30_000;

const isUndoing = ({ code }: Condition): boolean => code === 'apply-undone' || code === 'apply-not-undone';
const isBirdDown = ({ code }: Condition): boolean => code === 'bird-down';

/** What one pass remembers for the next. */
interface Memory {
  conditions: readonly Condition[];
  /** conditions that stay as long as the model is withdrawn, although later passes do not find them */
  undoing: readonly Condition[];
  /** in the last pass a veto held the model back */
  held: boolean;
  /** end of the time in which BIRD may still be starting, in ticks; 0: it was up; undefined before the first pass */
  birdDue: number | undefined;
}

async function work(
  { kept, resources, ...parts }: PassParts,
  held: boolean,
  model: RouterModel | undefined,
  { triggers, repair, progress }: PassOptions,
): Promise<ClosedReport> {
  const snapshot = lookFor({ kept, resources }, repair ? triggers : undefined);
  const { host } = kept;
  const shut = (one: RouterModel): RouterModel => withClosed(one, parts.guards.closed());
  const wanted = model && shut(model);
  const onResult = (result: Result): void => {
    progress();
    parts.result(result);
  };
  const standing = parts.standing();
  if (!repair) return { report: await lookOnly(snapshot, resources, wanted, standing), undone: false };
  const earlier = parts.earlier();
  const known = earlier === undefined ? model : held ? standing : undefined;
  const aid = { host, snapshot, resources, triggers, onResult };
  const before = known === undefined ? [] : await firstAid({ ...aid, model: shut(known) });
  const { report, undone } = await reconcileClosed(host, resources, wanted, {
    adopt: false,
    onPlan: parts.planned,
    onResult,
    earlier,
    standing: standing && shut(standing),
    snapshot: snapshot.again?.() ?? snapshot,
  });
  return { report: { ...report, results: [...parts.guards.take(), ...before, ...report.results] }, undone };
}

/** Reports the start of the work, and its end even if it fails. */
async function toldWork(
  parts: PassParts,
  memory: Memory,
  model: RouterModel | undefined,
  options: PassOptions,
): Promise<ClosedReport> {
  parts.started();
  let report: Report | undefined;
  try {
    const done = await work(parts, memory.held, model, options);
    report = done.report;
    if (options.repair) memory.held = report.heldBy !== undefined;
    return done;
  } finally {
    parts.finished(report);
  }
}

export function createPass(parts: PassParts): (options: PassOptions) => Promise<Report | undefined> {
  const {
    kept: { host },
    emit,
  } = parts;
  const memory: Memory = { conditions: [], undoing: [], held: false, birdDue: undefined };
  return async (options) => {
    if (options.triggers.some(({ reason }) => reason === 'timer')) parts.look();
    const isWithdrawn = await parts.reconsider();
    const model = parts.model();
    if (model === undefined && !isWithdrawn) return undefined;
    memory.birdDue ??= host.ticks() + BIRD_STARTS_MS;
    const done = await toldWork(parts, memory, model, options);
    if (done.undone && model !== undefined) await parts.withdraw(model);
    if (done.undone || !isWithdrawn) memory.undoing = done.report.conditions.filter(isUndoing);
    const report = withConditions(done.report, [...memory.undoing, ...parts.guards.conditions()]);
    if (!report.conditions.some(isBirdDown)) memory.birdDue = 0;
    const isLate = host.ticks() >= memory.birdDue;
    const news = report.conditions.filter((one) => !isBirdDown(one) || isLate);
    for (const event of conditionEvents(memory.conditions, news)) emit(event);
    memory.conditions = news;
    if (options.repair && !done.undone && isApplied(report)) await parts.applied(report.remaining.length === 0);
    return report;
  };
}

/** Reasons for a narrow look: an event, an edit, BIRD, a changed address of a name. All others cause a full look. */
const NARROW: readonly Trigger['reason'][] = ['drift', 'file', 'endpoint', 'bird'];

/**
 * If the kernel announced every change, keeps the last pass' or poll's answers to questions without events. If a kind without
 * events has an undone object, others may be undone too, so it asks again. @param triggers undefined: the reason is unknown
 */
function lookFor(
  { kept, resources }: Pick<PassParts, 'kept' | 'resources'>,
  triggers: readonly Trigger[] = [],
): HostReader {
  if (triggers.length === 0 || !triggers.every(({ reason }) => NARROW.includes(reason))) kept.forget();
  const undone = triggers.flatMap(({ drift }) => drift?.ref.slice(0, drift.ref.indexOf(':')) ?? []);
  kept.unmake(undone);
  const unseen = new Set(resources.filter((resource) => !('fromEvent' in resource)).map(({ kind }) => kind));
  return kept.look(!triggers.every(({ reason }) => reason === 'drift') || undone.some((kind) => unseen.has(kind)));
}

/** The model with the links down whose guard cannot be kept in place. */
const withClosed = (model: RouterModel, closed: readonly string[]): RouterModel =>
  closed.length === 0 ? model : { ...model, closed };

/** The plan of a pass, as the report of a pass that did nothing. */
async function lookOnly(
  host: HostReader,
  resources: readonly AnyResource[],
  model: RouterModel | undefined,
  standing: RouterModel | undefined,
): Promise<Report> {
  const options = { adopt: false, standing, inspect: leakConditions };
  const plan = await makeWholePlan(host, resources, model, options);
  const { operations: remaining, ...rest } = plan;
  return { ...rest, results: [], remaining, inSync: isInSync(plan) };
}

/**
 * Whether to keep the file for a restart. One failed operation (a name that does not resolve) does not prevent this; a pass in which
 * nothing succeeded, or that a veto held back, does.
 */
function isApplied({ results, heldBy }: Report): boolean {
  if (heldBy !== undefined) return false;
  return results.length === 0 || results.some(({ outcome }) => outcome.status === 'done');
}

/** Events for the conditions that started or ended since the pass before; a new message alone is no event. */
export function conditionEvents(before: readonly Condition[], now: readonly Condition[]): DaemonEvent[] {
  const missing = (of: readonly Condition[], from: readonly Condition[]): Condition[] =>
    of.filter(({ code, subject }) => !from.some((c) => c.code === code && c.subject === subject));
  return [
    ...missing(now, before).map((condition) => ({ type: 'condition', condition, raised: true }) as const),
    ...missing(before, now).map((condition) => ({ type: 'condition', condition, raised: false }) as const),
  ];
}
