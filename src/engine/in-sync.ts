// The one judgement on a router: whether it is what its state file says. `plan`, `apply`, `status`, `check`, the daemon and its
// metrics all go by it. Pure.
import type { Condition, Plan, Report } from './types.ts';

export type Judged = Pick<Plan, 'operations' | 'foreign' | 'conditions' | 'heldBy'>;

/** `pending`: an apply would do something, and nothing holds it back */
export type Verdict = 'in-sync' | 'pending' | 'not-in-sync';

/** Nothing to do, nothing in the way, nothing wrong. What waits for a hotplug interface does not count against it. */
export function isInSync({ operations, foreign, conditions, heldBy }: Judged): boolean {
  const wrong = conditions.some(({ severity }) => severity === 'error');
  return operations.length === 0 && !foreign.some(({ blocking }) => blocking) && !wrong && heldBy === undefined;
}

/** What is done while a condition holds the state back is the repair of the one before: it brings nobody closer to the file. */
export function judge(plan: Judged): Verdict {
  if (isInSync(plan)) return 'in-sync';
  return plan.operations.length > 0 && plan.heldBy === undefined ? 'pending' : 'not-in-sync';
}

/** The report with what else is known, and the judgement on all of it. */
export function withConditions(report: Report, more: readonly Condition[]): Report {
  const fresh = more.filter((condition) => !report.conditions.includes(condition));
  const conditions = [...fresh, ...report.conditions];
  return { ...report, conditions, inSync: isInSync({ ...report, conditions, operations: report.remaining }) };
}
