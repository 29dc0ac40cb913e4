// The quick half of a repair: of the kinds that the kernel tells of, everything is read in a few milliseconds, without
// starting a program. The pass that follows looks at everything as ever.
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
 * Deletions wait for the whole picture: the other kinds may veto them. And a link that must be made wants its configuration
 * before it is up, which is another kind's.
 */
const isHarmless = ({ operations }: Plan): boolean =>
  operations.every(({ action, stage }) => action === 'update' || (action === 'create' && stage !== 'link-create'));

/** What closes a way that another's link has into the mesh waits for nothing. */
const urgent = ({ operations }: Plan): readonly Operation[] =>
  operations.filter(({ stage }) => stage === 'rule-withdraw');

/** What it did; nothing where the pass is due for another reason than somebody's undoing. Throws as makePlan does. */
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
