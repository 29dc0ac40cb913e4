// A plan with what no single object shows: a last look at the whole.
import type { HostReader } from '../host/reader.ts';
import type { RouterModel } from '../model/types.ts';
import { makePlan, type PlanOptions } from './plan.ts';
import type { AnyResource, Condition, Plan } from './types.ts';

export type Inspect = (host: HostReader, model: RouterModel) => Promise<readonly Condition[]>;

export interface InspectOptions extends PlanOptions {
  readonly inspect?: Inspect;
}

/** What is held back opens nothing, and refuses nothing either: the state that stands is looked at in its place. */
export async function inspectPlan(
  host: HostReader,
  plan: Plan,
  model: RouterModel | undefined,
  { standing, inspect }: Pick<InspectOptions, 'standing' | 'inspect'>,
): Promise<Plan> {
  const there = plan.heldBy === undefined ? model : standing;
  const found = there === undefined ? [] : await inspect?.(host, there);
  return { ...plan, conditions: [...plan.conditions, ...(found ?? [])] };
}

/** The plan of a pass that does nothing, with all that the report of one would tell. Throws as makePlan does. */
export async function makeWholePlan(
  host: HostReader,
  resources: readonly AnyResource[],
  model: RouterModel | undefined,
  options: InspectOptions,
): Promise<Plan> {
  return inspectPlan(host, await makePlan(host, resources, model, options), model, options);
}
