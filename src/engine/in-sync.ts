// Whether a router is what its state file says, by a plan made after everything was done. Pure.
import type { Plan } from './types.ts';

/** Nothing to do, nothing in the way, nothing wrong. What waits for a hotplug interface does not count against it. */
export function isInSync({
  operations,
  foreign,
  conditions,
}: Pick<Plan, 'operations' | 'foreign' | 'conditions'>): boolean {
  const wrong = conditions.some(({ severity }) => severity === 'error');
  return operations.length === 0 && !foreign.some(({ blocking }) => blocking) && !wrong;
}
