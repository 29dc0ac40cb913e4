// Looks at the host and says what must be done. Reads only.
import { lookAt } from '../host/look.ts';
import type { Host } from '../host/types.ts';
import { completeModel } from '../model/complete.ts';
import type { RouterModel } from '../model/types.ts';
import { diff } from './diff.ts';
import { order } from './order.ts';
import { refOf, settle } from './settle.ts';
import type { AnyResource, Condition, Foreign, Operation, Plan } from './types.ts';
import { firstVeto, withoutVeto, withVeto } from './veto.ts';

export interface PlanOptions {
  /** take over foreign objects that stand where ours should, where their kind allows it */
  readonly adopt: boolean;
  /** what was last let do something on this host, whole or in part: a veto holds back what is new, never the repair of this */
  readonly standing?: RouterModel | undefined;
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
  { adopt }: Pick<PlanOptions, 'adopt'>,
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

/** Two kinds that look at the same thing, inside a namespace and outside, may tell the same. */
const once = (conditions: readonly Condition[]): Condition[] => [
  ...new Map(conditions.map((one) => [`${one.code} ${one.subject} ${one.message}`, one])).values(),
];

/** A plan as if nothing vetoed. */
async function planAll(
  host: Host,
  resources: readonly AnyResource[],
  said: RouterModel | undefined,
  options: Pick<PlanOptions, 'adopt'>,
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
  return { generation: model?.generation ?? 'down', ...settle(ordered, present, blocked), foreign, conditions };
}

/** `said` undefined: everything of ours shall go (`wgospf down`). Throws a HostError where the host cannot be read. */
export async function makePlan(
  host: Host,
  resources: readonly AnyResource[],
  said: RouterModel | undefined,
  { adopt, standing }: PlanOptions,
): Promise<Plan> {
  const plan = await planAll(host, resources, said, { adopt });
  if (firstVeto(plan.conditions, []) === undefined) return plan;
  const same = standing !== undefined && standing.generation === said?.generation;
  const kept = same ? plan : standing && (await planAll(host, resources, standing, { adopt: false }));
  const held = withVeto(plan, kept);
  return {
    ...plan,
    ...held,
    conditions: held.heldBy === undefined ? plan.conditions.map(withoutVeto) : plan.conditions,
  };
}
