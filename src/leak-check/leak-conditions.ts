// The paths that cross as conditions, one for each origin: what a pass ends with.
import type { Condition } from '../engine/types.ts';
import { isHostError } from '../host/error.ts';
import type { Host } from '../host/types.ts';
import type { RouterModel } from '../model/types.ts';
import { checkLeaks } from './check-leaks.ts';
import { describePath } from './describe-path.ts';
import type { Path } from './types.ts';

/** Never rejects with a HostError: a host that moves under the questions is told of as a condition. */
export async function leakConditions(host: Host, model: RouterModel): Promise<Condition[]> {
  try {
    return conditionsOf(await askTwice(host, model));
  } catch (error) {
    if (!isHostError(error)) throw error;
    return [{ code: 'leak-check-failed', severity: 'warning', subject: 'mesh', message: error.message }];
  }
}

/** A link that goes between the listing and the question: asked again, it is not asked for any more. */
async function askTwice(host: Host, model: RouterModel): Promise<Path[]> {
  try {
    return await checkLeaks(host, model);
  } catch (error) {
    if (!isHostError(error, 'ENODEV')) throw error;
    return checkLeaks(host, model);
  }
}

function conditionsOf(paths: readonly Path[]): Condition[] {
  const leaks = Map.groupBy(
    paths.filter(({ leak }) => leak !== undefined),
    ({ origin }) => origin.name,
  );
  return [...leaks].map(([subject, [first, ...more]]): Condition => {
    const others = more.length === 0 ? '' : `, and ${more.length} more`;
    const what = first === undefined ? '' : `${first.leak ?? ''}: ${describePath(first)}${others}`;
    return { code: 'leak-path', severity: 'error', subject, message: `${what}; see 'wgospf leak-check'` };
  });
}
