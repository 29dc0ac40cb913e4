// The plan of a pass that would start now, and that of what the last pass left: so both are judged in the same way.
import { makeWholePlan } from '../engine/reconcile.ts';
import type { AnyResource, Plan } from '../engine/types.ts';
import { HostError } from '../host/error.ts';
import { takeSnapshot } from '../host/snapshot.ts';
import type { Host } from '../host/types.ts';
import { leakConditions } from '../leak-check/leak-conditions.ts';
import type { RouterModel } from '../model/types.ts';
import type { Known } from '../status/read-status.ts';
import type { DaemonState } from './types.ts';

/** Conditions that a look at the host does not show: only the daemon knows them, from its last pass. */
const OWN = ['apply-undone', 'apply-not-undone', 'guard-contested', 'pass-failed'];

interface Told {
  readonly standing: () => RouterModel | undefined;
  readonly state: () => DaemonState;
}

export async function planNow(
  host: Host,
  resources: readonly AnyResource[],
  model: RouterModel,
  { standing, state }: Told,
): Promise<Plan> {
  const options = { adopt: false, standing: standing(), inspect: leakConditions };
  const plan = await makeWholePlan(takeSnapshot(host), resources, model, options);
  const own = state().conditions.filter(({ code }) => OWN.includes(code));
  return { ...plan, conditions: [...own, ...plan.conditions] };
}

/** The last pass's report as a plan of what is left: a daemon that watches the host need not look again to give its status. */
export function leftBy({ lastPass, conditions }: DaemonState): Pick<Known, 'plan' | 'problems'> {
  if (lastPass === undefined) return { plan: undefined, problems: conditions };
  const { remaining, ...report } = lastPass.report;
  return { plan: { ...report, operations: remaining, conditions }, problems: [] };
}

/** Throws a HostError if there is no model. */
export async function withModel<T>(
  model: RouterModel | undefined,
  stateFile: string,
  work: (model: RouterModel) => Promise<T>,
): Promise<T> {
  if (model !== undefined) return work(model);
  const detail = `no state is in force: ${stateFile} is missing or has errors (wgospf check)`;
  throw new HostError({ operation: 'make a plan', code: 'ENOENT', detail });
}
