// Copies of the files that BIRD runs, in root's tree: from before the new files are in place until their change is
// confirmed. If it fails, the copies are restored. A copy also shows the next pass that a change was cut off: a killed process leaves
// no other sign.
import { isHostError } from '../../host/error.ts';
import type { Host } from '../../host/types.ts';
import { progress, runningGeneration, type ConfigSource } from './configure.ts';
import { readHeader } from './header.ts';
import { birdNote, birdNoteText, CONF_MODE, lastGoodPath, PASSABLE, type Secrets } from './spec.ts';
import { clearStrays } from './strays.ts';

/** bird.conf and its file of passwords, in the order in which they are copied; the copies are deleted in reverse order. */
export interface ConfFiles extends ConfigSource {
  /** the file of passwords; undefined if there is none and none is wanted */
  readonly secretsFile: string | undefined;
}

const filesOf = ({ path, secretsFile }: Omit<ConfFiles, 'socket'>): string[] =>
  secretsFile === undefined ? [path] : [path, secretsFile];

/**
 * Copies the files that exist; an empty copy means that there was none. A copy that exists already is of what BIRD runs. It stays,
 * unless a change to the present file was confirmed since.
 */
export async function keepLastGood(host: Host, source: ConfFiles): Promise<void> {
  const before = await host.files.stat(lastGoodPath(source.path));
  const fresh = before === undefined || (await isTaken(host, source, (await host.files.read(source.path)) ?? ''));
  for (const path of filesOf(source)) {
    if (fresh || (await host.files.stat(lastGoodPath(path))) === undefined) await copy(host, path);
  }
}

async function copy(host: Host, path: string): Promise<void> {
  const text = await host.files.read(path);
  await host.files.write(lastGoodPath(path), text ?? '', { mode: 0o600, owner: 'root:root' });
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
  /** the restored file; undefined if there was none before, or if there was no copy because the file did not change */
  readonly text: string | undefined;
  /** the result, as the rest of a sentence */
  readonly told: string;
}

export async function restoreLastGood(host: Host, files: Omit<ConfFiles, 'socket'>): Promise<Restored> {
  const { path, secretsFile } = files;
  if (secretsFile !== undefined) await restore(host, secretsFile);
  return restore(host, path);
}

async function restore(host: Host, path: string): Promise<Restored> {
  const kept = lastGoodPath(path);
  const text = await host.files.read(kept);
  if (text === undefined) return { text, told: `${path} stays as it is` };
  if (text !== '') {
    // a file that never changed keeps its own mode and owner
    if ((await host.files.read(path)) !== text) {
      const owner = `root:${await host.bird.group()}`;
      await host.files.write(path, text, { mode: CONF_MODE, owner, ...(isOwn(path) && { passable: PASSABLE }) });
    }
    await host.files.remove(kept);
    return { text, told: 'the file from before is back in place' };
  }
  await host.files.remove(path);
  await host.files.remove(kept);
  return { text: undefined, told: 'the new file was removed again' };
}

const isOwn = (path: string): boolean => path.startsWith(`${PASSABLE}/`);

/** The copy, if BIRD runs that file: its sections show what a change may disturb. */
export async function runningText(host: Host, path: string, generation: string): Promise<string | undefined> {
  const text = await host.files.read(lastGoodPath(path));
  const header = readHeader(text ?? '');
  return header?.intact === true && header.generation === generation ? text : undefined;
}

export async function forgetLastGood(host: Host, files: Omit<ConfFiles, 'socket'>): Promise<void> {
  for (const path of filesOf(files).reverse()) await host.files.remove(lastGoodPath(path));
}

/** BIRD does not run, or ended before it answered. */
export const isGone = (error: unknown): boolean => isHostError(error, 'ENOENT', 'ECONNREFUSED', 'ECONNRESET');

/** Notes that the file is ours, for a `down` without a state file, also after a reboot. The socket may have changed. */
export async function remember(host: Host, { path, socket, netns }: Place): Promise<void> {
  const [key, text] = [birdNote(path), birdNoteText(socket, netns)];
  const noted = (await host.notes.all()).get(key);
  if (noted === text) return;
  if (noted !== undefined) await host.notes.forget(key);
  await host.notes.note(key, text);
}

interface Place extends ConfigSource {
  readonly netns: string;
}

/** Nothing can be undone any more: deletes the copies, and the file of passwords if bird.conf does not include it. */
export async function endChange(host: Host, change: Place & { readonly secrets: Secrets }): Promise<void> {
  const { path, secrets } = change;
  await remember(host, change);
  await forgetLastGood(host, { path, secretsFile: secrets?.file });
  if (secrets?.passwords.length === 0) await host.files.remove(secrets.file);
  await clearStrays(host, path);
}
