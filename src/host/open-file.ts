// Opens a file that is there, for reading: what others may have put in place of it (links, pipes, devices, other names of
// root's files) is refused before it is opened.
import { closeSync, constants, fstatSync, openSync, type Stats } from 'node:fs';
import { hasErrno, hostError } from './errno.ts';
import { at, isTrusted, withEntry, type Entry } from './safe-path.ts';
import { unsafe } from './unsafe-file.ts';

const O_PATH = 0o10000000;

/**
 * Throws where somebody else may have put the entry there and it is no plain file of root or of the folder's owner. Who owns
 * a file may read and write it anyway; nobody needs us for that.
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

/** Secrets are read from where nobody but root can put another file. */
export function expectRoots(entry: Entry, stat: Stats | undefined): void {
  if (!isTrusted({ folder: entry.folder, stat })) throw unsafe({ ...entry, stat }, 'folder');
}

export interface OpenOptions {
  /** it holds a secret: the folder must be root's as well */
  readonly secret?: boolean;
}

/**
 * `use` gets the open file; undefined where it is missing. Errors are HostErrors about `operation`. Nobody waits for a small file of
 * a disk: by libuv's threads each of these calls would wake one of them and this one again.
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
        // The very file that was looked at. O_NONBLOCK: a named pipe without a writer does not hang us.
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
