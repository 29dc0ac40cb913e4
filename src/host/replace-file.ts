// A new file in the place of an old one, in one rename(2): a reader sees the old text or the new one, after a power cut too.
import { randomBytes } from 'node:crypto';
import { constants, readdirSync } from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import type { Owner } from './accounts.ts';
import { at, type Folder } from './safe-path.ts';

/** The files that this process writes at the moment: no leftovers. */
const alive = new Set<string>();

/** `.NAME.wgospf-0123456789ab`; older versions left `.NAME.0123456789ab` behind. */
const TEMPORARY = /^\.(?<name>.+)\.(?:wgospf-)?[0-9a-f]{12}$/;
/** Ours without doubt, whatever NAME is. */
export const isLeftover = (file: string): boolean => /^\..+\.wgospf-[0-9a-f]{12}$/.test(file) && !alive.has(file);

/**
 * A name for a file that is not whole as yet. What a killed writer of NAME left behind goes: there is one writer at a time, by
 * the lock. unlink(2) follows no link.
 */
export async function temporaryName(folder: Folder, name: string): Promise<string> {
  const left = readdirSync(at(folder, '.')).filter(
    (file) => TEMPORARY.exec(file)?.groups?.['name'] === name && !alive.has(file),
  );
  await removeAll(folder, left);
  return `.${name}.wgospf-${randomBytes(6).toString('hex')}`;
}

export async function removeAll(folder: Folder, names: readonly string[]): Promise<void> {
  for (const name of names) await unlink(at(folder, name)).catch(() => undefined);
}

/** Runs `work` with a name that nobody takes for a leftover meanwhile; the file is removed where that fails. */
export async function withTemporary<T>(
  folder: Folder,
  name: string,
  work: (temporary: string) => Promise<T>,
): Promise<T> {
  const temporary = await temporaryName(folder, name);
  alive.add(temporary);
  try {
    return await work(temporary);
  } catch (error) {
    await removeAll(folder, [temporary]);
    throw error;
  } finally {
    alive.delete(temporary);
  }
}

export interface NewFile {
  readonly text: string;
  readonly mode: number;
  readonly owner: Owner | undefined;
}

/** Writes a file that nobody had before (O_EXCL), to the disk. */
export async function makeFile(path: string, { text, mode, owner }: NewFile): Promise<void> {
  // 0600 until the owner is right: what the file holds is never readable by others in between
  const file = await open(
    path,
    constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW,
    0o600,
  );
  try {
    await file.writeFile(text);
    if (owner !== undefined) await file.chown(owner.uid, owner.gid);
    await file.chmod(mode); // after chown, which clears setuid bits; beyond the umask
    await file.sync();
  } finally {
    await file.close();
  }
}

export async function replaceFile(folder: Folder, name: string, file: NewFile): Promise<void> {
  await withTemporary(folder, name, async (temporary) => {
    await makeFile(at(folder, temporary), file);
    await rename(at(folder, temporary), at(folder, name));
  });
  await syncFolder(at(folder, '.'));
}

/** rename(2) reaches the disk with the folder's own fsync (fsync(2), NOTES). */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
