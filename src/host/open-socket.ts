// Makes sure that connect(2) uses exactly the Unix socket that was checked: its folder may belong to another user (/run/bird
// belongs to BIRD's), who can put a symbolic link there to a socket that only root may use.
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { hasErrno } from './errno.ts';
import { at, isTrusted, withEntry } from './safe-path.ts';
import { unsafe } from './unsafe-file.ts';

const O_PATH = 0o10000000;

/**
 * Calls `use` with a path that leads to exactly that socket. If there is none, `use` gets the path itself, so that connect(2)
 * gives the error.
 */
export async function withSocket<T>(path: string, use: (held: string) => Promise<T>): Promise<T> {
  const fd = await hold(path);
  if (fd === undefined) return use(path);
  try {
    return await use(`/proc/self/fd/${fd}`);
  } finally {
    closeSync(fd);
  }
}

async function hold(path: string): Promise<number | undefined> {
  try {
    return await withEntry(path, {}, ({ folder, name }) => {
      const fd = openSync(at(folder, name), O_PATH | constants.O_NOFOLLOW);
      const stat = fstatSync(fd);
      const trusted = isTrusted({ folder, stat });
      const fault = stat.isSymbolicLink() ? 'link' : stat.isSocket() || trusted ? undefined : 'kind';
      if (fault === undefined) return fd;
      closeSync(fd);
      throw unsafe({ folder, name, stat }, fault);
    });
  } catch (error) {
    if (hasErrno(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return undefined;
    throw error;
  }
}
