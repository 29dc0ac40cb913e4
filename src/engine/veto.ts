// A veto holds back a new model. The model in force is still repaired, guards first: the repair disconnects nobody who was
// connected before. Pure.
import type { Condition, Operation, Plan, Waiting } from './types.ts';

type Held = Pick<Plan, 'operations' | 'waiting' | 'heldBy'>;
type Told = Pick<Plan, 'operations' | 'waiting' | 'conditions'>;

const isSame = (a: Condition, b: Condition): boolean =>
  a.code === b.code && a.subject === b.subject && a.message === b.message;

/** The first veto that the model in force does not have too: the harm of a shared veto is already done. */
export const firstVeto = (conditions: readonly Condition[], standing: readonly Condition[]): Condition | undefined =>
  conditions.find((condition) => condition.veto === true && !standing.some((other) => isSame(condition, other)));

/** @param standing the plan for the model in force; undefined if none is known */
export function withVeto(wanted: Told, standing: Told | undefined): Held {
  const { operations, waiting, conditions } = wanted;
  const veto = firstVeto(conditions, standing?.conditions ?? []);
  if (veto === undefined) return { operations, waiting };
  const repairs = standing?.operations ?? [];
  const isRepair = ({ kind, key, command }: Operation): boolean =>
    repairs.some((other) => other.kind === kind && other.key === key && other.command === command);
  const held = operations
    .filter((operation) => !isRepair(operation))
    .map((operation): Waiting => ({ operation, missing: veto.code }));
  return { operations: repairs, waiting: [...held, ...waiting], heldBy: veto.code };
}

/** The condition without its veto, for a plan that nothing holds back. */
export const withoutVeto = ({ code, severity, subject, message }: Condition): Condition => ({
  ...{ code, severity, subject, message },
});
