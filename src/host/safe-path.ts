// Opens a path safely as root: component by component (openat(2), through /proc/self/fd/N/NAME), so that the checked file is
// the one that is used. Follows a symbolic link only if only root can have made it; proc(5), path_resolution(7).
import { chmodSync, closeSync, constants, fstatSync, mkdirSync, openSync, readlinkSync, type Stats } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { hasErrno } from './errno.ts';
import { unsafe } from './unsafe-file.ts';

/** O_PATH of asm-generic/fcntl.h: a handle to the name that does not open the file (no tape rewinds, no watchdog starts). */
const O_PATH = 0o10000000;
const O_FOLDER = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** the kernel's own limit for one path (linux/namei.h, MAXSYMLINKS) */
const MAX_SYMLINKS = 40;

export const isRoot = (): boolean => process.geteuid?.() === 0;

/** A folder that is held open, so that nobody can replace it meanwhile. */
export interface Folder {
  readonly fd: number;
  /** the path by which it was reached, for messages */
  readonly path: string;
  readonly stat: Stats;
  /** only root can rename anything on the path to it */
  readonly reached: boolean;
}

/** The last component of a path, in its folder. `stat` is undefined if the name does not exist. */
export interface Entry {
  readonly folder: Folder;
  readonly name: string;
  readonly stat: Stats | undefined;
}

/** The path of a name in a folder that is held open. */
export const at = ({ fd }: Pick<Folder, 'fd'>, name: string): string => `/proc/self/fd/${fd}/${name}`;

/** The folder's owner, and users with write permission, may replace entries. The sticky bit protects the entries of root. */
const onlyRootPuts = (folder: Stats, entry: Pick<Stats, 'uid'>): boolean =>
  folder.uid === 0 && ((folder.mode & 0o022) === 0 || ((folder.mode & 0o1000) !== 0 && entry.uid === 0));

/** Whether only root can have made this entry. Always true if the agent does not run as root. */
export const isTrusted = ({ folder, stat }: Pick<Entry, 'folder' | 'stat'>): boolean =>
  !isRoot() || (folder.reached && onlyRootPuts(folder.stat, stat ?? { uid: 0 }));

interface Walk {
  folder: Folder;
  /** the remaining names */
  rest: string[];
  links: number;
}

const namesOf = (path: string): string[] => path.split('/').filter((name) => name !== '' && name !== '.');

function rootFolder(): Folder {
  const fd = openSync('/', O_FOLDER);
  return { fd, path: '/', stat: fstatSync(fd), reached: true };
}

export interface WalkOptions {
  /** makes missing folders with this mode, regardless of the umask */
  readonly make?: number;
  /** does not follow a symbolic link as the last component, like unlink(2) and rename(2) */
  readonly link?: boolean;
}

/**
 * Holds the folder of `path` open and calls `use` with the last component; closes the folder when that promise settles. Follows
 * symbolic links of root. Throws node's errors, and a HostError of `unsafe` for a symbolic link of others.
 */
export async function withEntry<T>(
  path: string,
  options: WalkOptions,
  use: (entry: Entry) => T | Promise<T>,
): Promise<T> {
  const walk: Walk = { folder: rootFolder(), rest: namesOf(resolve(path)), links: 0 };
  try {
    for (;;) {
      const entry = look(walk.folder, walk.rest[0] ?? '.');
      const last = walk.rest.length <= 1;
      const link = entry.stat?.isSymbolicLink() === true && !(last && options.link === true);
      if (link) follow(walk, entry, path);
      else if (last) return await use(entry);
      else enter(walk, entry, options);
    }
  } finally {
    closeSync(walk.folder.fd);
  }
}

function look(folder: Folder, name: string): Entry {
  try {
    const fd = openSync(at(folder, name), O_PATH | constants.O_NOFOLLOW);
    try {
      return { folder, name, stat: fstatSync(fd) };
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return { folder, name, stat: undefined };
    throw error;
  }
}

/** Only root can change a trusted symbolic link between fstat(2) and readlink(2). */
function follow(walk: Walk, entry: Entry, path: string): void {
  const { folder, name } = entry;
  if (!isTrusted(entry)) throw unsafe(entry, 'link');
  if (++walk.links > MAX_SYMLINKS) throw Object.assign(new Error(`too many links: ${path}`), { code: 'ELOOP' });
  const target = readlinkSync(at(folder, name));
  const rest = [...namesOf(target), ...walk.rest.slice(1)];
  if (!target.startsWith('/')) {
    walk.rest = rest;
    return;
  }
  closeSync(folder.fd);
  walk.folder = rootFolder();
  walk.rest = rest;
}

function enter(walk: Walk, entry: Entry, { make }: WalkOptions): void {
  const { folder, name } = entry;
  if (entry.stat === undefined && make !== undefined) mkdirSync(at(folder, name), { mode: make });
  const fd = openSync(at(folder, name), O_FOLDER);
  const stat = fstatSync(fd);
  const path = name === '..' ? dirname(folder.path) : join(folder.path, name);
  walk.folder = { fd, path, stat, reached: folder.reached && onlyRootPuts(folder.stat, stat) };
  closeSync(folder.fd);
  walk.rest = walk.rest.slice(1);
  if (entry.stat === undefined && make !== undefined) chmodSync(at(walk.folder, '.'), make);
}
