// A plan as text: operations below their stages, notices, one summary line.
import type { PublicOperation } from '../../engine/public.ts';
import { isInSync } from '../../engine/in-sync.ts';
import type { Operation, Plan } from '../../engine/types.ts';
import type { RouterModel } from '../../model/types.ts';
import type { Style } from '../style.ts';
import { count } from '../../net/units.ts';
import { formatNotices } from './notices.ts';
import { formatOperation } from './operation.ts';
import { untouchedTunnels } from './untouched.ts';

/** Operations under their stages. */
export function formatStages(operations: readonly PublicOperation[], style: Style): string[] {
  return operations.flatMap((o, i) => {
    const line = `  ${formatOperation(o, style)}`;
    return operations[i - 1]?.stage === o.stage ? [line] : [style.heading(o.stage), line];
  });
}

const blockers = (plan: Plan): number => plan.foreign.filter((f) => f.blocking).length;

function untouched(plan: Plan, model: RouterModel): string {
  const n = untouchedTunnels(model.tunnels, plan.operations).length;
  return n === 0 ? '' : `; ${count(n, 'tunnel')} untouched`;
}

/** `12 operations: 10 to add, 1 to change, 1 to remove; 3 tunnels untouched` */
export function planSummary(plan: Plan, model: RouterModel): string {
  const waiting = plan.waiting.length === 0 ? '' : `; ${plan.waiting.length} waiting`;
  const blocked = blockers(plan) === 0 ? '' : `; ${count(blockers(plan), 'foreign object')} in the way`;
  const held = plan.heldBy === undefined ? '' : `; held back by ${plan.heldBy}`;
  if (plan.operations.length === 0) {
    if (isInSync(plan)) return `in sync: nothing to do${waiting}`;
    return `not in sync: nothing can be done${blocked}${held}${waiting}`;
  }
  const n = (action: Operation['action']) => plan.operations.filter((o) => o.action === action).length;
  const parts = `${n('create')} to add, ${n('update')} to change, ${n('delete')} to remove`;
  return `${count(plan.operations.length, 'operation')}: ${parts}${untouched(plan, model)}${blocked}${held}${waiting}`;
}

export function formatPlan(plan: Plan, model: RouterModel, style: Style): string {
  const body = [...formatStages(plan.operations, style), ...formatNotices(plan, style)];
  return [...body, ...(body.length === 0 ? [] : ['']), planSummary(plan, model)].join('\n');
}
