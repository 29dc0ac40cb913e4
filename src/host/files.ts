// Files read whole and replaced atomically: a reader sees the old text or the new one, after a power cut as well.
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, readFile, readlink, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { hasErrno, hostError } from './errno.ts';
import { HostError } from './error.ts';
import { lookupOwner, type Owner } from './accounts.ts';
import type { Files, FileStat, WriteOptions } from './types.ts';

const NEW_FILE_MODE = 0o644;
/** as the kernel's own limit on one path (linux/namei.h, MAXSYMLINKS) */
const MAX_SYMLINKS = 40;

export function createFiles(): Files {
  return { read, stat: fileStat, list, write, remove, rename: renameFile };
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return undefined;
    throw hostError(`read ${path}`, error);
  }
}

async function fileStat(path: string): Promise<FileStat | undefined> {
  try {
    const s = await stat(path);
    return { mode: s.mode & 0o7777, uid: s.uid, gid: s.gid, size: s.size, mtime: s.mtimeMs };
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return undefined;
    throw hostError(`stat ${path}`, error);
  }
}

async function list(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return [];
    throw hostError(`list ${folder}`, error);
  }
}

async function write(path: string, text: string, options: WriteOptions = {}): Promise<void> {
  const operation = `write ${path}`;
  try {
    const target = await linkTarget(path, operation);
    const found = await fileStat(target);
    await refuseDirectory(target, operation);
    const owner: Owner | undefined = options.owner === undefined ? found : await lookupOwner(options.owner, operation);
    // who says an owner says for whom the file is, and the mode belongs to that
    const kept = options.owner === undefined || options.mode === undefined ? found?.mode : undefined;
    await mkdir(dirname(target), { recursive: true, mode: 0o755 });
    await replace(target, text, { mode: kept ?? options.mode ?? NEW_FILE_MODE, owner });
  } catch (error) {
    throw hostError(operation, error);
  }
}

async function refuseDirectory(path: string, operation: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) {
    throw new HostError({ operation, code: 'EISDIR', detail: 'it is a directory, a file is expected' });
  }
}

/** The file that a chain of symbolic links ends in, which may be missing; rename(2) would replace the link itself. */
async function linkTarget(path: string, operation: string): Promise<string> {
  let at = path;
  for (let i = 0; i < MAX_SYMLINKS; i++) {
    const found = await lstat(at).catch((error: unknown) => {
      if (hasErrno(error, 'ENOENT')) return undefined;
      throw error;
    });
    if (found?.isSymbolicLink() !== true) return at;
    at = resolve(dirname(at), await readlink(at));
  }
  throw new HostError({ operation, code: 'ELOOP', detail: 'too many symbolic links' });
}

async function replace(path: string, text: string, as: { mode: number; owner: Owner | undefined }): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  // 0600 until the owner is right: what the file holds is never readable by others in between
  const file = await open(temporary, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
  try {
    await file.writeFile(text);
    if (as.owner !== undefined) await file.chown(as.owner.uid, as.owner.gid);
    await file.chmod(as.mode); // after chown, which clears setuid bits; beyond the umask
    await file.sync();
    await file.close();
    await rename(temporary, path);
  } catch (error) {
    await file.close().catch(() => undefined);
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
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

async function remove(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return;
    throw hostError(`remove ${path}`, error);
  }
}

async function renameFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
    await syncFolder(dirname(to));
    if (dirname(from) !== dirname(to)) await syncFolder(dirname(from));
  } catch (error) {
    throw hostError(`rename ${from} to ${to}`, error);
  }
}
