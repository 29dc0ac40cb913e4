// One pass of the daemon: the engine's, to the model in force, with those told who have to know of it.
import { isInSync, makePlan, reconcile } from '../engine/reconcile.ts';
import type { AnyResource, Condition, Report, Result } from '../engine/types.ts';
import type { Host } from '../host/types.ts';
import { leakConditions } from '../leak-check/leak-conditions.ts';
import type { RouterModel } from '../model/types.ts';
import { firstAid } from './first-aid.ts';
import type { PassOptions } from './loop.ts';
import type { DaemonEvent, Emit } from './types.ts';

export interface PassParts {
  /** answers of names and of BIRD are at hand: nothing here waits for long */
  readonly host: Host;
  readonly resources: readonly AnyResource[];
  readonly model: () => RouterModel | undefined;
  readonly emit: Emit;
  readonly started: () => void;
  /** an operation was tried */
  readonly result: (result: Result) => void;
  /** undefined where the pass failed as a whole */
  readonly finished: (report: Report | undefined) => void;
  /** the model in force was applied, at least in part */
  readonly applied: () => Promise<void>;
  /** another look at the state file, for the case that a change of it went unheard */
  readonly look: () => void;
}

/** milliseconds; bird.service is ordered after ours, so that at boot BIRD is not there before our first pass is over */
const BIRD_STARTS_MS = 30_000;

const isBirdDown = ({ code }: Condition): boolean => code === 'bird-down';

export function createPass(parts: PassParts): (options: PassOptions) => Promise<Report | undefined> {
  const { host, resources, emit } = parts;
  let conditions: readonly Condition[] = [];
  /** milliseconds since the epoch until which BIRD may be on its way up; 0: it was there */
  let birdDue: number | undefined;

  const work = async (model: RouterModel, { triggers, repair, progress }: PassOptions): Promise<Report> => {
    const onResult = (result: Result): void => {
      progress();
      parts.result(result);
    };
    parts.started();
    let report: Report | undefined;
    try {
      if (!repair) return (report = await lookOnly(host, resources, model));
      const before = await firstAid({ host, resources, model, triggers, onResult });
      const whole = await reconcile(host, resources, model, { adopt: false, onResult, inspect: leakConditions });
      return (report = { ...whole, results: [...before, ...whole.results] });
    } finally {
      parts.finished(report);
    }
  };

  return async (options) => {
    if (options.triggers.some(({ reason }) => reason === 'timer')) parts.look();
    const model = parts.model();
    if (model === undefined) return undefined;
    birdDue ??= host.now() + BIRD_STARTS_MS;
    const report = await work(model, options);
    if (!report.conditions.some(isBirdDown)) birdDue = 0;
    const news = report.conditions.filter((one) => !isBirdDown(one) || host.now() >= (birdDue ?? 0));
    for (const event of conditionEvents(conditions, news)) emit(event);
    conditions = news;
    if (options.repair && isApplied(report)) await parts.applied();
    return report;
  };
}

/** What a pass would do, told as the report of one that did nothing. */
async function lookOnly(host: Host, resources: readonly AnyResource[], model: RouterModel): Promise<Report> {
  const plan = await makePlan(host, resources, model, { adopt: false });
  const conditions = [...plan.conditions, ...(await leakConditions(host, model))];
  const { generation, operations: remaining, waiting, foreign } = plan;
  return {
    generation,
    results: [],
    remaining,
    waiting,
    foreign,
    conditions,
    inSync: isInSync({ ...plan, conditions }),
  };
}

/**
 * The file was good enough to work to. One operation that fails (a name that does not resolve) is no reason to have nothing to
 * go on with after a restart; a pass that got nowhere, or was not allowed to, is.
 */
function isApplied({ results, conditions }: Report): boolean {
  if (conditions.some(({ veto }) => veto)) return false;
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
