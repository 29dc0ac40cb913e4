// A pass that must not open a path between mesh and underlay. If it does, a second pass brings the earlier model back, and the
// report names the path.
import { withConditions } from '../engine/in-sync.ts';
import { makePlan, reconcile, type ReconcileOptions } from '../engine/reconcile.ts';
import type { AnyResource, Condition, Report } from '../engine/types.ts';
import { isHostError } from '../host/error.ts';
import type { HostReader } from '../host/reader.ts';
import type { Host } from '../host/types.ts';
import type { RouterModel } from '../model/types.ts';
import { conditionsOf, leakConditions, lookForLeaks, tellPaths, type Look } from './leak-conditions.ts';
import { openedPaths } from './opened-paths.ts';
import type { Path } from './types.ts';
import { APPLY } from '../model/cure-words.ts';

/** The model in force before a new one. */
export interface Earlier {
  /** undefined: none is known; if nothing of ours is on the host, there was none */
  readonly model: RouterModel | undefined;
}

export interface ClosedOptions extends Omit<ReconcileOptions, 'inspect'> {
  /** undefined: the model is not new, and paths that cross are only reported */
  readonly earlier: Earlier | undefined;
}

export interface ClosedReport {
  readonly report: Report;
  /** the earlier model is in force again, even if the router could not be brought back to it completely */
  readonly undone: boolean;
}

/** The paths before the first operation. */
interface Before {
  readonly look: Look;
  /** why the model cannot be undone; undefined if it can */
  readonly stuck: string | undefined;
}

/** A pass without operations asks the kernel once, any other twice. Throws as reconcile does. */
export async function reconcileClosed(
  host: Host,
  resources: readonly AnyResource[],
  model: RouterModel | undefined,
  { earlier, onPlan, ...options }: ClosedOptions,
): Promise<ClosedReport> {
  let before: Before | undefined;
  let after: Look | undefined;
  const report = await reconcile(host, resources, model, {
    ...options,
    async onPlan(plan, snapshot) {
      await onPlan?.(plan, snapshot);
      const { operations, heldBy } = plan;
      // while a veto holds the model back, the operations only repair the model in force
      if (model === undefined || earlier === undefined || operations.length === 0 || heldBy !== undefined) return;
      before = await lookBefore([snapshot, resources], model, earlier, options.adopt);
    },
    async inspect(snapshot, wanted) {
      after = await lookForLeaks(snapshot, wanted);
      return conditionsOf(after);
    },
  });
  const isOurDoing = report.results.some(({ outcome: { status } }) => status === 'done');
  const opened = before && after && isOurDoing ? newPaths(before.look, after) : [];
  if (model === undefined || before === undefined || opened.length === 0) return { report, undone: false };
  if (before.stuck !== undefined) return { report: withCondition(report, left(opened, before.stuck)), undone: false };
  const back = await goBack([host, resources], earlier?.model, report, options);
  const open = newPaths(before.look, await lookForLeaks(host, model));
  return { report: withCondition(back, outcome(opened, open, back)), undone: true };
}

const newPaths = (before: Look, after: Look): Path[] =>
  'paths' in before && 'paths' in after ? openedPaths(before.paths, after.paths) : [];

async function lookBefore(
  [host, resources]: readonly [HostReader, readonly AnyResource[]],
  model: RouterModel,
  earlier: Earlier,
  adopt: boolean,
): Promise<Before> {
  const look = await lookForLeaks(host, model);
  if (adopt) {
    const { foreign } = await makePlan(host, resources, model, { adopt: false });
    const given = resources.filter(({ givesBack }) => givesBack === true).map(({ kind }) => kind);
    const taken = foreign.find(({ blocking, kind }) => blocking && !given.includes(kind));
    if (taken !== undefined) return { look, stuck: `${taken.kind} ${taken.key} was taken over, and is ours now` };
  }
  if (earlier.model !== undefined) return { look, stuck: undefined };
  const { operations } = await makePlan(host, resources, undefined, { adopt: false });
  const known = operations.length === 0;
  return { look, stuck: known ? undefined : 'the state that was in force before is not known' };
}

/** Undoes the model. The report has the operations of both passes, and what is left after the second. */
async function goBack(
  [host, resources]: readonly [Host, readonly AnyResource[]],
  earlier: RouterModel | undefined,
  report: Report,
  { onResult }: Pick<ReconcileOptions, 'onResult'>,
): Promise<Report> {
  try {
    const onward = onResult === undefined ? {} : { onResult };
    const back = await reconcile(host, resources, earlier, {
      ...{ adopt: false, ...onward, inspect: leakConditions },
      standing: earlier,
    });
    return { ...back, results: [...report.results, ...back.results] };
  } catch (error) {
    if (!isHostError(error)) throw error;
    const condition = { code: 'host-unreadable', severity: 'error', subject: 'host', message: error.message } as const;
    return withCondition({ ...report, generation: earlier?.generation ?? 'down' }, condition);
  }
}

const withCondition = (report: Report, condition: Condition): Report => withConditions(report, [condition]);

const CURE = "'ip rule' shows what of another's lets it through; take it away";

/** The common parts of the conditions about opened paths. */
function opening(paths: readonly Path[]): Pick<Condition, 'severity' | 'subject'> & { readonly what: string } {
  const what = `this state opened a path between mesh and underlay: ${tellPaths(paths)}`;
  return { severity: 'error', subject: paths[0]?.origin.name ?? 'mesh', what };
}

function left(opened: readonly Path[], why: string): Condition {
  const { what, ...rest } = opening(opened);
  const message = `${what}; it cannot be undone: ${why}; ${CURE}, or apply a state without ${rest.subject}`;
  return { code: 'apply-not-undone', ...rest, message };
}

function outcome(opened: readonly Path[], open: readonly Path[], back: Report): Condition {
  const { what, ...rest } = opening(opened);
  if (back.remaining.length + open.length > 0) {
    const message = `${what}; it could not be undone completely: the operations above show the failure`;
    return { code: 'apply-not-undone', ...rest, message };
  }
  const to =
    back.generation === 'down' ? 'there was none before, so nothing of ours is left' : 'the one before is back';
  return { code: 'apply-undone', ...rest, message: `${what}; it was undone: ${to}; ${CURE}, then ${APPLY}` };
}
