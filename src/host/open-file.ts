// Opens an existing file for reading: refuses, before it opens the file, what other users may have put in its place (symbolic
// links, pipes, devices, hard links to root's files).
import { closeSync, constants, fstatSync, openSync, type Stats } from 'node:fs';
import { hasErrno, hostError } from './errno.ts';
import { at, isTrusted, withEntry, type Entry } from './safe-path.ts';
import { unsafe } from './unsafe-file.ts';

const O_PATH = 0o10000000;

/**
 * Throws if another user may have put the entry there and it is no regular file of root or of the folder's owner. That owner may
 * read and write such a file anyway, so nothing is gained by making root do it.
 */
export function expectPlain(entry: Entry, stat: Stats): void {
  if (isTrusted({ ...entry, stat })) return;
  if (stat.isSymbolicLink()) throw unsafe({ ...entry, stat }, 'link');
  if (!stat.isFile()) throw unsafe({ ...entry, stat }, 'kind');
  // fs.protected_hardlinks may be off
  if (stat.nlink > 1) throw unsafe({ ...entry, stat }, 'hard-link');
  const { uid } = entry.folder.stat;
  if (stat.uid !== 0 && stat.uid !== uid && uid !== 0) throw unsafe({ ...entry, stat }, 'owner');
}

/** Throws unless only root can put a file there; for secrets. */
export function expectRoots(entry: Entry, stat: Stats | undefined): void {
  if (!isTrusted({ folder: entry.folder, stat })) throw unsafe({ ...entry, stat }, 'folder');
}

export interface OpenOptions {
  /** the file holds a secret: its folder must belong to root as well */
  readonly secret?: boolean;
}

/**
 * Calls `use` with the open file; undefined if it is missing. Errors are HostErrors about `operation`. The calls are synchronous,
 * because small files are fast: an asynchronous call would wake a thread of libuv, and then this thread again.
 */
export async function withFile<T>(
  path: string,
  operation: string,
  { secret = false }: OpenOptions,
  use: (fd: number) => T,
): Promise<T | undefined> {
  try {
    return await withEntry(path, {}, (entry) => {
      if (entry.stat === undefined) return undefined;
      return withOpen(at(entry.folder, entry.name), O_PATH | constants.O_NOFOLLOW, (named) => {
        const stat = fstatSync(named);
        expectPlain(entry, stat);
        if (secret) expectRoots(entry, stat);
        // Exactly the file that was checked. O_NONBLOCK: open(2) does not hang on a named pipe without a writer.
        return withOpen(`/proc/self/fd/${named}`, constants.O_RDONLY | constants.O_NONBLOCK, use);
      });
    });
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return undefined;
    throw hostError(operation, error);
  }
}

function withOpen<T>(path: string, flags: number, use: (fd: number) => T): T {
  const fd = openSync(path, flags);
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}
