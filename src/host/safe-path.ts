// A path for root's eyes: opened component by component (openat(2), by way of /proc/self/fd/N/NAME), so that what was looked
// at is what is used. A symbolic link is followed only where nobody but root can have put it; proc(5), path_resolution(7).
import { chmodSync, closeSync, constants, fstatSync, mkdirSync, openSync, readlinkSync, type Stats } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { hasErrno } from './errno.ts';
import { unsafe } from './unsafe-file.ts';

/** O_PATH of asm-generic/fcntl.h: a handle on the name, which opens nothing (no tape rewinds, no watchdog starts). */
const O_PATH = 0o10000000;
const O_FOLDER = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** as the kernel's own limit on one path (linux/namei.h, MAXSYMLINKS) */
const MAX_SYMLINKS = 40;

export const isRoot = (): boolean => process.geteuid?.() === 0;

/** A folder that is held open: nobody can put another in its place meanwhile. */
export interface Folder {
  readonly fd: number;
  /** as it was come to, for messages */
  readonly path: string;
  readonly stat: Stats;
  /** nobody but root can rename anything on the way to it */
  readonly reached: boolean;
}

/** The last component of a path, in its folder. `stat` is undefined where nothing has that name. */
export interface Entry {
  readonly folder: Folder;
  readonly name: string;
  readonly stat: Stats | undefined;
}

/** The path by which the kernel finds a name in a folder that is held. */
export const at = ({ fd }: Pick<Folder, 'fd'>, name: string): string => `/proc/self/fd/${fd}/${name}`;

/** Who may rename and replace entries: the owner of the folder, and whom its mode lets write. The sticky bit keeps root's. */
const onlyRootPuts = (folder: Stats, entry: Pick<Stats, 'uid'>): boolean =>
  folder.uid === 0 && ((folder.mode & 0o022) === 0 || ((folder.mode & 0o1000) !== 0 && entry.uid === 0));

/** Whether nobody but root can have put this entry where it is. For anybody but root that is no question. */
export const isTrusted = ({ folder, stat }: Pick<Entry, 'folder' | 'stat'>): boolean =>
  !isRoot() || (folder.reached && onlyRootPuts(folder.stat, stat ?? { uid: 0 }));

interface Walk {
  folder: Folder;
  /** names yet to come */
  rest: string[];
  links: number;
}

const namesOf = (path: string): string[] => path.split('/').filter((name) => name !== '' && name !== '.');

function rootFolder(): Folder {
  const fd = openSync('/', O_FOLDER);
  return { fd, path: '/', stat: fstatSync(fd), reached: true };
}

export interface WalkOptions {
  /** missing folders are made, with this mode whatever the umask */
  readonly make?: number;
  /** a link as the last component is meant itself, as unlink(2) and rename(2) do */
  readonly link?: boolean;
}

/**
 * Holds the folder of `path` and looks at its last component, links followed where they are root's. `use` is called with it;
 * the folder is let go when its promise ends. Throws what node throws, and a HostError of `unsafe` for a link of others.
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

/** Between the look and readlink(2) nobody can change a link that only root can have put. */
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
