import { isHostError } from '../../host/error.ts';
import type { Host } from '../../host/types.ts';
import type { RulePayload } from './plan.ts';

/** EEXIST and ENOENT: somebody else did it first, and the result is as desired. */
export async function applyRule({ do: verb, spec }: RulePayload, host: Host): Promise<void> {
  try {
    await (verb === 'add' ? host.rtnl.addRule(spec) : host.rtnl.deleteRule(spec));
  } catch (error) {
    if (!isHostError(error, verb === 'add' ? 'EEXIST' : 'ENOENT')) throw error;
  }
}
