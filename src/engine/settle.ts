// Splits operations into those that can run and those that wait for an object that neither exists nor will be made. Pure.
import { stages } from './stages.ts';
import type { ObjectRef, Operation, Waiting } from './types.ts';

export const refOf = (operation: Pick<Operation, 'kind' | 'key'>): ObjectRef => `${operation.kind}:${operation.key}`;

/** The required objects of an operation, without the tags. */
export const objectsOf = ({ requires = [] }: Pick<Operation, 'requires'>): ObjectRef[] =>
  requires.filter((one): one is ObjectRef => !one.startsWith('done '));

export interface Settled {
  readonly operations: readonly Operation[];
  readonly waiting: readonly Waiting[];
}

/** Leaves out a delete if an earlier stage deletes or empties its carrier: the kernel removes a deleted link's addresses and routes. */
function withoutImplied(operations: readonly Operation[]): Operation[] {
  const removed = new Map<string, number>();
  for (const op of operations) {
    if (op.action === 'delete' || op.empties === true) removed.set(refOf(op), stages.indexOf(op.stage));
  }
  return operations.filter(
    (op) =>
      op.action !== 'delete' || !objectsOf(op).some((ref) => (removed.get(ref) ?? Infinity) < stages.indexOf(op.stage)),
  );
}

/**
 * @param present objects on the host that operations may require
 * @param blocked foreign objects in the place of ours: operations that require them wait
 */
export function settle(
  operations: readonly Operation[],
  present: ReadonlySet<string>,
  blocked: ReadonlySet<string>,
): Settled {
  let runnable = withoutImplied(operations);
  const waiting: Waiting[] = [];
  for (;;) {
    const made = new Set(runnable.filter((op) => op.action === 'create').map(refOf));
    const missingOf = (op: Operation): ObjectRef | undefined =>
      objectsOf(op).find((ref) => blocked.has(ref) || (!present.has(ref) && !made.has(ref)));
    const stuck = runnable.filter((op) => missingOf(op) !== undefined);
    if (stuck.length === 0) return { operations: runnable, waiting };
    for (const operation of stuck) waiting.push({ operation, missing: missingOf(operation) ?? refOf(operation) });
    runnable = runnable.filter((op) => !stuck.includes(op));
  }
}
