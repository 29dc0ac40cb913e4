// Plans and reports that may leave the process: without payloads, which only the host needs and which may refer to key material.
import { isInSync } from './in-sync.ts';
import { objectsOf } from './settle.ts';
import type { Condition, Foreign, ObjectRef, Operation, Outcome, Plan, Report, Waiting } from './types.ts';

export interface PublicOperation extends Omit<Operation, 'payload' | 'provides' | 'requires'> {
  /** objects that must exist or be made */
  readonly needs?: readonly ObjectRef[];
}

export interface PublicWaiting {
  readonly operation: PublicOperation;
  readonly missing: string;
}

export interface PublicResult {
  readonly operation: PublicOperation;
  readonly outcome: Outcome;
}

export interface PublicPlan {
  readonly generation: string;
  readonly inSync: boolean;
  readonly operations: readonly PublicOperation[];
  readonly waiting: readonly PublicWaiting[];
  readonly foreign: readonly Foreign[];
  readonly conditions: readonly Condition[];
  /** the code of the condition that holds the model back; absent if none does */
  readonly heldBy?: string;
}

export interface PublicReport extends Omit<PublicPlan, 'operations'> {
  readonly results: readonly PublicResult[];
  readonly remaining: readonly PublicOperation[];
}

export function publicOperation(operation: Operation): PublicOperation {
  const { kind, key, netns, stage, action, command, impact, keeps, source } = operation;
  const known = {
    ...((netns ?? '') === '' ? {} : { netns }),
    ...(keeps === undefined ? {} : { keeps }),
    ...(source === undefined ? {} : { source }),
  };
  return { kind, key, stage, action, needs: objectsOf(operation), command, impact, ...known };
}

const publicWaiting = ({ operation, missing }: Waiting): PublicWaiting => ({
  operation: publicOperation(operation),
  missing,
});

const held = ({ heldBy }: Pick<Plan, 'heldBy'>): Pick<Plan, 'heldBy'> => (heldBy === undefined ? {} : { heldBy });

export function publicPlan(plan: Plan): PublicPlan {
  const { generation, operations, waiting, foreign, conditions } = plan;
  return {
    generation,
    inSync: isInSync(plan),
    operations: operations.map(publicOperation),
    waiting: waiting.map(publicWaiting),
    foreign,
    conditions,
    ...held(plan),
  };
}

export function publicReport(report: Report): PublicReport {
  const { generation, inSync, results, remaining, waiting, foreign, conditions } = report;
  return {
    generation,
    inSync,
    results: results.map(({ operation, outcome }) => ({ operation: publicOperation(operation), outcome })),
    remaining: remaining.map(publicOperation),
    waiting: waiting.map(publicWaiting),
    foreign,
    conditions,
    ...held(report),
  };
}
