// What --json prints. Payloads are left out: they are for the host alone and may lead to key material.
import type { Operation, Plan, Report, Waiting } from '../../engine/types.ts';

export type PublicOperation = Omit<Operation, 'payload'>;

export function publicOperation(operation: Operation): PublicOperation {
  const { kind, key, stage, action, needs, command, impact, source } = operation;
  return { kind, key, stage, action, needs, command, impact, ...(source === undefined ? {} : { source }) };
}

const publicWaiting = ({ operation, missing }: Waiting) => ({ operation: publicOperation(operation), missing });

/** Indented; a field that has no value is null and not left out, so that the shape is always the same. */
export const stringify = (value: object): string =>
  JSON.stringify(value, (_key, v: unknown) => (v === undefined ? null : v), 2);

export function planJson(plan: Plan): string {
  const { generation, operations, waiting, foreign, conditions } = plan;
  return stringify({
    generation,
    inSync: operations.length === 0 && !foreign.some((f) => f.blocking),
    operations: operations.map(publicOperation),
    waiting: waiting.map(publicWaiting),
    foreign,
    conditions,
  });
}

export function reportJson(report: Report): string {
  const { generation, inSync, results, remaining, waiting, foreign, conditions } = report;
  return stringify({
    generation,
    inSync,
    results: results.map((r) => ({ operation: publicOperation(r.operation), outcome: r.outcome })),
    remaining: remaining.map(publicOperation),
    waiting: waiting.map(publicWaiting),
    foreign,
    conditions,
  });
}
