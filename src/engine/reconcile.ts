// One pass: plan, apply, observe again, report. Whether the router is in sync is read from the kernel, never assumed.
import { isHostError } from '../host/error.ts';
import type { HostReader } from '../host/reader.ts';
import { takeSnapshot } from '../host/snapshot.ts';
import type { Host } from '../host/types.ts';
import type { RouterModel } from '../model/types.ts';
import { applyOperations } from './apply.ts';
import { isInSync } from './in-sync.ts';
import { inspectPlan, type InspectOptions } from './inspect.ts';
import { makePlan } from './plan.ts';
import type { AnyResource, Plan, Report, Result } from './types.ts';

/** `inspect` is called when no operation is left. */
export interface ReconcileOptions extends InspectOptions {
  /** gets the first plan and its snapshot; awaited, so that a caller can look at the host before the first operation */
  readonly onPlan?: (plan: Plan, host: HostReader) => void | Promise<void>;
  readonly onResult?: (result: Result) => void;
  /** the snapshot to plan from; absent: a new one */
  readonly snapshot?: HostReader;
}

/** Rounds of plan and apply: objects that the first makes can lead to more differences in the second (a link's own sysctls). */
const MAX_ROUNDS = 3;

/** Whether an operation failed because its device was missing (ENODEV), and done operations are in the new plan again. */
function isUndone(results: readonly Result[], { operations }: Plan): boolean {
  if (!results.some(({ outcome }) => outcome.status === 'failed' && outcome.code === 'ENODEV')) return false;
  const done = results.filter(({ outcome }) => outcome.status === 'done').map(({ operation }) => operation);
  return operations.some((op) => done.some((d) => d.kind === op.kind && d.key === op.key && d.command === op.command));
}

/** The report has the done operations even if the host cannot be read afterwards. */
async function lookAgain(...[host, resources, model, options]: Parameters<typeof makePlan>): Promise<Plan> {
  try {
    return await makePlan(host, resources, model, options);
  } catch (error) {
    if (!isHostError(error)) throw error;
    const condition = { code: 'host-unreadable', severity: 'error', subject: 'host', message: error.message } as const;
    const generation = model?.generation ?? 'down';
    return { generation, operations: [], waiting: [], foreign: [], conditions: [condition] };
  }
}

export async function reconcile(
  host: Host,
  resources: readonly AnyResource[],
  model: RouterModel | undefined,
  options: ReconcileOptions,
): Promise<Report> {
  const results: Result[] = [];
  let { snapshot = takeSnapshot(host) } = options;
  let plan = await makePlan(snapshot, resources, model, options);
  const { heldBy } = plan;
  await options.onPlan?.(plan, snapshot);
  for (let round = 1; plan.operations.length > 0 && round <= MAX_ROUNDS; round++) {
    // if the veto ends during a pass, the next pass applies the new model
    if (heldBy !== undefined && plan.heldBy === undefined) break;
    const latest = await applyOperations(host, resources, plan.operations, options.onResult);
    results.push(...latest);
    // a pass that has begun a model finishes it, even if a veto appears meanwhile
    const begun = heldBy === undefined && latest.some(({ outcome }) => outcome.status === 'done');
    snapshot = snapshot.again?.() ?? takeSnapshot(host);
    plan = await lookAgain(snapshot, resources, model, begun ? { ...options, standing: model } : options);
    // A failed operation is not retried at once: the report names it, and the next pass tries again. The exception: done operations
    // are already undone (a wireguard-go that died under the load of many). Then the host changed, and the next round plans anew.
    if (latest.some(({ outcome }) => outcome.status !== 'done') && !isUndone(latest, plan)) break;
  }
  plan = await inspectPlan(snapshot, { ...plan, ...withHold(heldBy ?? plan.heldBy) }, model, options);
  return {
    generation: plan.generation,
    results,
    remaining: plan.operations,
    waiting: plan.waiting,
    foreign: plan.foreign,
    conditions: plan.conditions,
    ...withHold(plan.heldBy),
    inSync: isInSync(plan),
  };
}

const withHold = (heldBy: string | undefined): Pick<Report, 'heldBy'> => (heldBy === undefined ? {} : { heldBy });

export { isInSync } from './in-sync.ts';
export { makeWholePlan } from './inspect.ts';
export { makePlan } from './plan.ts';
