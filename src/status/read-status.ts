// The status of this host: facts, read now, held against the model.
import type { Condition, Plan } from '../engine/types.ts';
import type { Host } from '../host/types.ts';
import { DEFAULT_BIRD } from '../model/defaults.ts';
import type { RouterModel } from '../model/types.ts';
import { assess } from './assess.ts';
import { collect } from './collect.ts';
import type { Status } from './types.ts';
import { wantedByMarks, wantedByModel } from './wanted.ts';

export interface Known {
  /** undefined: what our marks on the host tell */
  readonly model: RouterModel | undefined;
  /** undefined where none could be made */
  readonly plan: Plan | undefined;
  /** why model or plan is missing; they come before the plan's own conditions */
  readonly problems: readonly Condition[];
}

export async function readStatus(host: Host, { model, plan, problems }: Known): Promise<Status> {
  const facts = await collect(host, model?.bird.controlSocket ?? DEFAULT_BIRD.controlSocket, plan);
  const assessed = assess(model === undefined ? wantedByMarks(facts) : wantedByModel(model), facts);
  return { ...assessed, conditions: [...problems, ...assessed.conditions] };
}
