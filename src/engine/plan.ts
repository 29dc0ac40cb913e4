// Looks at the host and says what must be done. Reads only.
import { lookAt } from '../host/look.ts';
import type { Host } from '../host/types.ts';
import { completeModel } from '../model/complete.ts';
import type { RouterModel } from '../model/types.ts';
import { diff } from './diff.ts';
import { order } from './order.ts';
import { refOf, settle, type Settled } from './settle.ts';
import type { AnyResource, Condition, Foreign, Operation, Plan, Waiting } from './types.ts';

export interface PlanOptions {
  /** take over foreign objects that stand where ours should, where their kind allows it */
  readonly adopt: boolean;
}

interface KindPlan {
  readonly operations: readonly Operation[];
  readonly present: readonly string[];
  readonly foreign: readonly Foreign[];
  readonly conditions: readonly Condition[];
}

async function planKind(
  host: Host,
  resource: AnyResource,
  model: RouterModel | undefined,
  { adopt }: PlanOptions,
): Promise<KindPlan> {
  const observation = await resource.observe(host, model);
  const desired = model === undefined ? [] : resource.desired(model);
  const { changes, foreign } = diff(resource, desired, observation.objects, adopt);
  return {
    operations: changes.flatMap((change) => resource.plan(change, changes)),
    present: observation.objects.map(({ spec }) => refOf({ kind: resource.kind, key: resource.key(spec) })),
    foreign: [...foreign, ...(observation.foreign ?? [])],
    conditions: observation.conditions ?? [],
  };
}

function withVeto(settled: Settled, conditions: readonly Condition[]): Settled {
  const veto = conditions.find((condition) => condition.veto);
  if (veto === undefined) return settled;
  const held = settled.operations.map((operation): Waiting => ({ operation, missing: veto.code }));
  return { operations: [], waiting: [...held, ...settled.waiting] };
}

/** Two kinds that look at the same thing, inside a namespace and outside, may tell the same. */
const once = (conditions: readonly Condition[]): Condition[] => [
  ...new Map(conditions.map((one) => [`${one.code} ${one.subject} ${one.message}`, one])).values(),
];

/** `said` undefined: everything of ours shall go (`wgospf down`). Throws a HostError where the host cannot be read. */
export async function makePlan(
  host: Host,
  resources: readonly AnyResource[],
  said: RouterModel | undefined,
  options: PlanOptions,
): Promise<Plan> {
  const model = said && (await completeModel(said, lookAt(host)));
  const plans = await Promise.all(resources.map((resource) => planKind(host, resource, model, options)));
  const foreign = plans.flatMap((plan) => plan.foreign);
  const blocked = new Set<string>(foreign.filter((f) => f.blocking).map(refOf));
  const present = new Set(plans.flatMap((plan) => plan.present));
  const kinds = resources.map(({ kind }) => kind);
  const ordered = order(
    plans.flatMap((plan) => plan.operations),
    kinds,
  );
  const conditions = once(plans.flatMap((plan) => plan.conditions));
  return {
    generation: model?.generation ?? 'down',
    ...withVeto(settle(ordered, present, blocked), conditions),
    foreign,
    conditions,
  };
}
