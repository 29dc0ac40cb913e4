// Decides whether a router matches its state file. `plan`, `apply`, `status`, `check`, the daemon and its metrics all use this
// decision. Pure.
import type { Condition, Plan, Report } from './types.ts';

export type Judged = Pick<Plan, 'operations' | 'foreign' | 'conditions' | 'heldBy'>;

/** `pending`: an apply would change something, and nothing prevents it */
export type Verdict = 'in-sync' | 'pending' | 'not-in-sync';

/** No operations, no blocking foreign object, no error. Operations that wait for a hotplug interface do not count. */
export function isInSync({ operations, foreign, conditions, heldBy }: Judged): boolean {
  const wrong = conditions.some(({ severity }) => severity === 'error');
  return operations.length === 0 && !foreign.some(({ blocking }) => blocking) && !wrong && heldBy === undefined;
}

/** While a veto holds a new model back, the operations repair the model in force: they bring the router no closer to the file. */
export function judge(plan: Judged): Verdict {
  if (isInSync(plan)) return 'in-sync';
  return plan.operations.length > 0 && plan.heldBy === undefined ? 'pending' : 'not-in-sync';
}

/** The report with more conditions, and `inSync` computed from all of them. */
export function withConditions(report: Report, more: readonly Condition[]): Report {
  const fresh = more.filter((condition) => !report.conditions.includes(condition));
  const conditions = [...fresh, ...report.conditions];
  return { ...report, conditions, inSync: isInSync({ ...report, conditions, operations: report.remaining }) };
}
