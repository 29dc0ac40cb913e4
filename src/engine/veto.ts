// What a veto holds back: a state that is new. The one that stands goes on being repaired, guards first: it cuts nobody off
// whom it had not cut off before. Pure.
import type { Condition, Operation, Plan, Waiting } from './types.ts';

type Held = Pick<Plan, 'operations' | 'waiting' | 'heldBy'>;
type Told = Pick<Plan, 'operations' | 'waiting' | 'conditions'>;

const isSame = (a: Condition, b: Condition): boolean =>
  a.code === b.code && a.subject === b.subject && a.message === b.message;

/** The first veto that the standing state does not meet as well: that one's harm is done, whatever is held back. */
export const firstVeto = (conditions: readonly Condition[], standing: readonly Condition[]): Condition | undefined =>
  conditions.find((condition) => condition.veto === true && !standing.some((other) => isSame(condition, other)));

/** @param standing the plan to the state that stands; undefined where nobody knows of one */
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

/** A condition that holds nothing back is none that vetoes. */
export const withoutVeto = ({ code, severity, subject, message }: Condition): Condition => ({
  ...{ code, severity, subject, message },
});
