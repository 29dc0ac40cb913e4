// The quick first half of a repair: only the kinds whose changes the kernel announces. Reading them takes a few milliseconds and
// starts no program. The pass that follows observes everything as usual.
import { applyOperations } from '../engine/apply.ts';
import { makePlan } from '../engine/reconcile.ts';
import type { AnyResource, Operation, Plan, Result } from '../engine/types.ts';
import type { HostReader } from '../host/reader.ts';
import type { Host } from '../host/types.ts';
import type { RouterModel } from '../model/types.ts';
import type { Trigger } from './types.ts';

export interface FirstAidOptions {
  readonly host: Host;
  readonly snapshot: HostReader;
  readonly resources: readonly AnyResource[];
  readonly model: RouterModel;
  readonly triggers: readonly Trigger[];
  readonly onResult: (result: Result) => void;
}

/**
 * Deletions wait for the full plan, because the other kinds may veto them. A link to be made waits too: before it is up, it needs
 * its configuration, which is another kind's.
 */
const isHarmless = ({ operations }: Plan): boolean =>
  operations.every(({ action, stage }) => action === 'update' || (action === 'create' && stage !== 'link-create'));

/** Operations that close a foreign link's path into the mesh never wait. */
const urgent = ({ operations }: Plan): readonly Operation[] =>
  operations.filter(({ stage }) => stage === 'rule-withdraw');

/** Returns the results; none unless every trigger is something that somebody undid. Throws as makePlan does. */
export async function firstAid({
  host,
  snapshot,
  resources,
  model,
  triggers,
  onResult,
}: FirstAidOptions): Promise<Result[]> {
  if (!triggers.every(({ drift }) => drift !== undefined)) return [];
  const told = resources.filter((resource) => 'fromEvent' in resource);
  const plan = await makePlan(snapshot, told, model, { adopt: false, standing: model });
  return applyOperations(host, told, isHarmless(plan) ? plan.operations : urgent(plan), onResult);
}
