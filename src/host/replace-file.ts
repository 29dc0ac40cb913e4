// Replaces a file by one rename(2): a reader sees the old text or the new one, even after a power failure.
import { randomBytes } from 'node:crypto';
import { constants, readdirSync } from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import type { Owner } from './accounts.ts';
import { at, type Folder } from './safe-path.ts';

/** The temporary files that this process is writing now, which are no leftovers. */
const alive = new Set<string>();

/** `.NAME.wgospf-0123456789ab`; older versions left `.NAME.0123456789ab` behind. */
const TEMPORARY = /^\.(?<name>.+)\.(?:wgospf-)?[0-9a-f]{12}$/;
/** Certainly a leftover of wgospf, whatever NAME is. */
export const isLeftover = (file: string): boolean => /^\..+\.wgospf-[0-9a-f]{12}$/.test(file) && !alive.has(file);

/**
 * A name for an incomplete file. Removes what a killed writer of NAME left behind: the lock allows only one writer at a time.
 * unlink(2) follows no symbolic link.
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

/** Runs `work` with a temporary name, which does not count as a leftover meanwhile; removes the file if `work` fails. */
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

/** Makes a new file (O_EXCL) and syncs it to the disk. */
export async function makeFile(path: string, { text, mode, owner }: NewFile): Promise<void> {
  // 0600 until the owner is set, so that others cannot read the content in between
  const file = await open(
    path,
    constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW,
    0o600,
  );
  try {
    await file.writeFile(text);
    if (owner !== undefined) await file.chown(owner.uid, owner.gid);
    await file.chmod(mode); // after chown, which clears setuid bits; ignores the umask
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

/** Only fsync of the folder writes a rename(2) to the disk (fsync(2), NOTES). */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
