// One pass of the daemon: the engine's, to the model in force, with those told who have to know of it.
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
  /** answers of names and of BIRD are at hand: nothing here waits for long */
  readonly kept: KeptSnapshot;
  readonly resources: readonly AnyResource[];
  readonly model: () => RouterModel | undefined;
  readonly emit: Emit;
  readonly started: () => void;
  /** before the first operation */
  readonly planned: (plan: Plan) => void;
  /** an operation was tried */
  readonly result: (result: Result) => void;
  /** undefined where the pass failed as a whole */
  readonly finished: (report: Report | undefined) => void;
  /** what a pass that opens a path goes back to; undefined where the model in force was applied before */
  readonly earlier: () => Earlier | undefined;
  readonly guards: Pick<DriftWatch['guards'], 'take' | 'closed' | 'conditions'>;
  /** what a veto never keeps from being repaired */
  readonly standing: () => RouterModel | undefined;
  /** the model in force was applied, whole or in part */
  readonly applied: (complete: boolean) => Promise<void>;
  /** the pass to this model opened a path, and was undone */
  readonly withdraw: (model: RouterModel) => Promise<void>;
  /** whether a state is withdrawn; one whose reason is gone comes into force again */
  readonly reconsider: () => Promise<boolean>;
  /** another look at the state file, for the case that a change of it went unheard */
  readonly look: () => void;
}

/** milliseconds; bird.service is ordered after ours, so that at boot BIRD is not there before our first pass is over */
const BIRD_STARTS_MS = 30_000;

const isUndoing = ({ code }: Condition): boolean => code === 'apply-undone' || code === 'apply-not-undone';
const isBirdDown = ({ code }: Condition): boolean => code === 'bird-down';

/** What one pass leaves for the next. */
interface Memory {
  conditions: readonly Condition[];
  /** they stand as long as the state is withdrawn, though later passes find nothing of it */
  undoing: readonly Condition[];
  /** the last pass kept to the state from before */
  held: boolean;
  /** ticks until which BIRD may be on its way up; 0: it was there; undefined before the first pass */
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

/** With its beginning and its end told, however it ends. */
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

/** What an event, an edit, BIRD or a name that moved asks for. All else is a full look. */
const NARROW: readonly Trigger['reason'][] = ['drift', 'file', 'endpoint', 'bird'];

/**
 * Where the kernel told of all that happened, what nobody tells of is left as the last pass or poll found it. What is undone of a kind that
 * only the poll sees may have company that nobody sees. @param triggers undefined: nothing is known of why
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

/** Links of which a guard cannot be kept are down until it can. */
const withClosed = (model: RouterModel, closed: readonly string[]): RouterModel =>
  closed.length === 0 ? model : { ...model, closed };

/** What a pass would do, told as the report of one that did nothing. */
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
 * The file was good enough to work to. One operation that fails (a name that does not resolve) is no reason to have nothing to
 * go on with after a restart; a pass that got nowhere, or was not allowed to, is.
 */
function isApplied({ results, heldBy }: Report): boolean {
  if (heldBy !== undefined) return false;
  return results.length === 0 || results.some(({ outcome }) => outcome.status === 'done');
}

/** What of one pass's conditions is new, and what of the one before is gone; one that is worded anew is neither. */
export function conditionEvents(before: readonly Condition[], now: readonly Condition[]): DaemonEvent[] {
  const missing = (of: readonly Condition[], from: readonly Condition[]): Condition[] =>
    of.filter(({ code, subject }) => !from.some((c) => c.code === code && c.subject === subject));
  return [
    ...missing(now, before).map((condition) => ({ type: 'condition', condition, raised: true }) as const),
    ...missing(before, now).map((condition) => ({ type: 'condition', condition, raised: false }) as const),
  ];
}
