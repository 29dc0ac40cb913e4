// Reports the paths that cross as conditions, one for each origin. Each pass ends with this.
import type { Condition } from '../engine/types.ts';
import { madeOn } from '../engine/made.ts';
import { isHostError } from '../host/error.ts';
import type { HostReader } from '../host/reader.ts';
import type { RouterModel } from '../model/types.ts';
import { checkLeaks } from './check-leaks.ts';
import { describePath } from './describe-path.ts';
import type { Path } from './types.ts';

/** The paths, or why the kernel could not be asked. */
export type Look = { readonly paths: readonly Path[] } | { readonly failed: string };

/** Never rejects with a HostError: if the kernel cannot be asked, this is a condition. */
export async function leakConditions(host: HostReader, model: RouterModel): Promise<Condition[]> {
  return conditionsOf(await lookForLeaks(host, model));
}

/** Never rejects with a HostError. */
export async function lookForLeaks(host: HostReader, model: RouterModel): Promise<Look> {
  try {
    return { paths: await madeOn(host, 'paths', model, (reader) => askTwice(reader, model)) };
  } catch (error) {
    if (!isHostError(error)) throw error;
    return { failed: error.message };
  }
}

/** Asks again if a link disappears between the listing and the question: the second listing no longer has it. */
async function askTwice(host: HostReader, model: RouterModel): Promise<Path[]> {
  try {
    return await checkLeaks(host, model);
  } catch (error) {
    if (!isHostError(error, 'ENODEV')) throw error;
    return checkLeaks(host.again?.() ?? host, model);
  }
}

/** `IT LEAVES: PATH, and 3 more`; the paths are those of one origin, or all */
export function tellPaths([first, ...more]: readonly Path[]): string {
  if (first === undefined) return '';
  const others = more.length === 0 ? '' : `, and ${more.length} more`;
  return `${first.leak ?? ''}: ${describePath(first)}${others}`;
}

export function conditionsOf(look: Look): Condition[] {
  if ('failed' in look) {
    return [{ code: 'leak-check-failed', severity: 'warning', subject: 'mesh', message: look.failed }];
  }
  const leaks = Map.groupBy(
    look.paths.filter(({ leak }) => leak !== undefined),
    ({ origin }) => origin.of ?? origin.name,
  );
  return [...leaks].map(([subject, paths]): Condition => {
    const message = `${tellPaths(paths)}; see 'wgospf leak-check'`;
    return { code: 'leak-path', severity: 'error', subject, message };
  });
}
