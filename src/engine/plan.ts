// Reads the host and makes the plan. Writes nothing.
import type { HostReader } from '../host/reader.ts';
import type { RouterModel } from '../model/types.ts';
import { completeOn } from './complete.ts';
import { diff } from './diff.ts';
import { keyOf, planChange } from './in-namespaces.ts';
import { desiredOnce, madeOn, observeOnce } from './made.ts';
import { order } from './order.ts';
import { refOf, settle } from './settle.ts';
import type { AnyResource, Change, Condition, Foreign, ObjectRef, Observation, Operation, Plan } from './types.ts';
import { firstVeto, withoutVeto, withVeto } from './veto.ts';

export interface PlanOptions {
  /** take over foreign objects in the place of ours, if their kind allows it */
  readonly adopt: boolean;
  /** the model in force: the last one that changed this host, fully or partly. A veto holds back a new model, never repairs of this one */
  readonly standing?: RouterModel | undefined;
}

/** The observation of one kind. */
interface Look {
  readonly resource: AnyResource;
  readonly observation: Observation<unknown>;
}

interface KindPlan {
  readonly operations: readonly Operation[];
  readonly present: readonly string[];
  readonly foreign: readonly Foreign[];
  readonly conditions: readonly Condition[];
}

function planKind(
  { resource, observation }: Look,
  model: RouterModel | undefined,
  { adopt, isAsked = () => false }: Pick<PlanOptions, 'adopt'> & { readonly isAsked?: (key: string) => boolean },
): KindPlan {
  const desired = model === undefined ? [] : desiredOnce(resource, model);
  const found = diff(resource, desired, observation.objects, adopt);
  const { foreign } = found;
  const changes = found.changes.map((change): Change<unknown> =>
    change.type === 'delete' && isAsked(keyOf(resource, change.observed)) ? { ...change, withdrawn: true } : change,
  );
  return {
    operations: changes.flatMap((change) => planChange(resource, change, changes)),
    present: observation.objects.map((one) => refOf({ kind: resource.kind, key: keyOf(resource, one) })),
    foreign: [...foreign, ...(observation.foreign ?? [])],
    conditions: observation.conditions ?? [],
  };
}

/** Foreign objects in the place of ours. */
const inTheWay = (plans: readonly KindPlan[]): ReadonlySet<ObjectRef> =>
  new Set(plans.flatMap(({ foreign }) => foreign.filter(({ blocking }) => blocking).map(refOf)));

/** A second plan, without the blocked names, for the kinds that refer to blocked objects (`without`). */
function withoutOthers(
  look: Look,
  first: KindPlan,
  model: RouterModel | undefined,
  { blocked, ...options }: Pick<PlanOptions, 'adopt'> & { readonly blocked: ReadonlySet<ObjectRef> },
): KindPlan {
  const { without } = look.resource;
  if (model === undefined || without === undefined || blocked.size === 0) return first;
  const asked = new Set(desiredOnce(look.resource, model).map((one) => keyOf(look.resource, one)));
  return planKind(look, without(model, blocked), { ...options, isAsked: (key) => asked.has(key) });
}

/** Removes duplicates: a kind that runs both inside a namespace and outside may report one condition twice. */
const once = (conditions: readonly Condition[]): Condition[] => [
  ...new Map(conditions.map((one) => [`${one.code} ${one.subject} ${one.message}`, one])).values(),
];

/** The plan without regard to vetoes. */
async function planAll(
  host: HostReader,
  resources: readonly AnyResource[],
  said: RouterModel | undefined,
  options: Pick<PlanOptions, 'adopt'>,
): Promise<Plan> {
  // notes first, because many other reads depend on them; a kind that needs them gets the error if they cannot be read
  await Promise.allSettled([madeOn(host, 'notes', said, (reader) => reader.notes.all())]);
  const [model, looks] = await Promise.all([
    completeOn(host, said),
    Promise.all(
      resources.map(async (resource): Promise<Look> => ({
        resource,
        observation: await observeOnce(resource, host, said),
      })),
    ),
  ]);
  const first = looks.map((look) => ({ look, plan: planKind(look, model, options) }));
  const blocked = inTheWay(first.map(({ plan }) => plan));
  const plans = first.map(({ look, plan }) => withoutOthers(look, plan, model, { ...options, blocked }));
  const foreign = plans.flatMap((plan) => plan.foreign);
  const present = new Set(plans.flatMap((plan) => plan.present));
  const kinds = resources.map(({ kind }) => kind);
  const ordered = order(
    plans.flatMap((plan) => plan.operations),
    kinds,
  );
  const conditions = once(plans.flatMap((plan) => plan.conditions));
  return { generation: model?.generation ?? 'down', ...settle(ordered, present, blocked), foreign, conditions };
}

/** `said` undefined: everything of ours is deleted (`wgospf down`). Throws a HostError if the host cannot be read. */
export async function makePlan(
  host: HostReader,
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
