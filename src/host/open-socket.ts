// A Unix socket that is connected to is the one that was looked at: its folder may be another user's (/run/bird is BIRD's),
// who can put a link there to a socket that root alone may use.
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { hasErrno } from './errno.ts';
import { at, isTrusted, withEntry } from './safe-path.ts';
import { unsafe } from './unsafe-file.ts';

const O_PATH = 0o10000000;

/**
 * `use` gets a path that leads to that very socket. Where there is none, it gets the path itself, and the error that
 * connect(2) has for it.
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
