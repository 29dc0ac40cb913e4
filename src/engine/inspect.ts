// Adds to a plan the conditions that no single object shows.
import type { HostReader } from '../host/reader.ts';
import type { RouterModel } from '../model/types.ts';
import { makePlan, type PlanOptions } from './plan.ts';
import type { AnyResource, Condition, Plan } from './types.ts';

export type Inspect = (host: HostReader, model: RouterModel) => Promise<readonly Condition[]>;

export interface InspectOptions extends PlanOptions {
  readonly inspect?: Inspect;
}

/** A model that a veto holds back has no effect on traffic: so the model in force is inspected instead. */
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

/** A plan with all conditions that the report of a pass would have. Throws as makePlan does. */
export async function makeWholePlan(
  host: HostReader,
  resources: readonly AnyResource[],
  model: RouterModel | undefined,
  options: InspectOptions,
): Promise<Plan> {
  return inspectPlan(host, await makePlan(host, resources, model, options), model, options);
}
