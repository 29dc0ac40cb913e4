// The files that BIRD runs, kept beside the new ones from before these are in place until BIRD has taken them for good. They
// come back where it does not. A copy that is there also tells the next pass that a change was cut off: who was killed in the
// midst of it leaves no other memory.
import { isHostError } from '../../host/error.ts';
import type { Host } from '../../host/types.ts';
import { progress, runningGeneration, type ConfigSource } from './configure.ts';
import { readHeader } from './header.ts';
import { CONF_MODE, lastGoodPath } from './spec.ts';

/**
 * Copies the file that is there; an empty copy stands for none. A copy that is there already is of what BIRD runs, and stays,
 * unless BIRD has taken the file for good since.
 */
export async function keepLastGood(host: Host, source: ConfigSource): Promise<void> {
  const { path } = source;
  const copy = lastGoodPath(path);
  const [there, text] = [await host.files.stat(copy), await host.files.read(path)];
  if (there !== undefined && !(await isTaken(host, source, text ?? ''))) return;
  await host.files.write(copy, text ?? '', { mode: CONF_MODE, owner: `root:${await host.bird.group()}` });
}

async function isTaken(host: Host, source: ConfigSource, text: string): Promise<boolean> {
  try {
    const { unconfirmed } = await progress(host, source);
    return unconfirmed === false && (await runningGeneration(host, source)) === readHeader(text)?.generation;
  } catch (error) {
    if (isHostError(error, 'ETIMEDOUT') || isGone(error)) return false;
    throw error;
  }
}

export interface Restored {
  /** the file that is in place again; undefined where none was before, or none was kept because the file did not change */
  readonly text: string | undefined;
  /** what came of it, as a sentence goes on */
  readonly told: string;
}

export async function restoreLastGood(host: Host, path: string): Promise<Restored> {
  const copy = lastGoodPath(path);
  const text = await host.files.read(copy);
  if (text === undefined) return { text, told: `${path} stays as it is` };
  if (text !== '') {
    await host.files.rename(copy, path);
    return { text, told: 'the file from before is back in place' };
  }
  await host.files.remove(path);
  await host.files.remove(copy);
  return { text: undefined, told: 'the new file was removed again' };
}

/** The kept file, if that is what BIRD runs: it says what a change may disturb. */
export async function runningText(host: Host, path: string, generation: string): Promise<string | undefined> {
  const text = await host.files.read(lastGoodPath(path));
  const header = readHeader(text ?? '');
  return header?.intact === true && header.generation === generation ? text : undefined;
}

export const forgetLastGood = (host: Host, path: string): Promise<void> => host.files.remove(lastGoodPath(path));

/** BIRD is not there, or ended while it was asked. */
export const isGone = (error: unknown): boolean => isHostError(error, 'ENOENT', 'ECONNREFUSED', 'ECONNRESET');
