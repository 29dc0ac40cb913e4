// Reads complete files and replaces files atomically. Opens every path by safe-path.ts: root follows no symbolic link of another user.
import { readFileSync } from 'node:fs';
import { chmod, readdir, readlink, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { lookupOwner, type Owner } from './accounts.ts';
import { hasErrno, hostError } from './errno.ts';
import { HostError } from './error.ts';
import { expectPlain, withFile } from './open-file.ts';
import { isLeftover, replaceFile } from './replace-file.ts';
import { at, withEntry, type Entry, type WalkOptions } from './safe-path.ts';
import type { Files, FileStat, LinkStat, ReadOptions, WriteOptions } from './types.ts';

const NEW_FILE_MODE = 0o644;
const FOLDER_MODE = 0o755;

export function createFiles(): Files {
  return { read, stat: fileStat, link: linkStat, list, write, remove, sweep };
}

const read = (path: string, options: ReadOptions = {}): Promise<string | undefined> =>
  withFile(path, `read ${path}`, options, (fd) => readFileSync(fd, 'utf8'));

/** withEntry with HostErrors instead of node's errors; undefined if a part of the path is missing. */
async function attempt<T>(
  operation: string,
  path: string,
  options: WalkOptions,
  use: (entry: Entry) => T | Promise<T>,
): Promise<T | undefined> {
  try {
    return await withEntry(path, options, use);
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return undefined;
    throw hostError(operation, error);
  }
}

const fileStat = (path: string): Promise<FileStat | undefined> =>
  attempt(`stat ${path}`, path, {}, ({ stat: s }) =>
    s === undefined ? undefined : { mode: s.mode & 0o7777, uid: s.uid, gid: s.gid, size: s.size, mtime: s.mtimeMs },
  );

const linkStat = (path: string): Promise<LinkStat | undefined> =>
  attempt(`readlink ${path}`, path, { link: true }, async ({ folder, name, stat }) =>
    stat?.isSymbolicLink() === true ? { target: await readlink(at(folder, name)), mtime: stat.mtimeMs } : undefined,
  );

async function list(folder: string): Promise<string[]> {
  const names = await attempt(`list ${folder}`, folder, {}, (entry) => readdir(at(entry.folder, entry.name)));
  return (names ?? []).sort();
}

async function write(path: string, text: string, options: WriteOptions = {}): Promise<void> {
  const operation = `write ${path}`;
  try {
    const owner = typeof options.owner === 'string' ? await lookupOwner(options.owner, operation) : options.owner;
    await withEntry(path, { make: FOLDER_MODE }, (entry) => replaceIn(entry, text, { ...options, owner }, operation));
    if (options.passable !== undefined) await makePassable(path, options.passable);
  } catch (error) {
    throw hostError(operation, error);
  }
}

async function replaceIn(
  entry: Entry,
  text: string,
  { mode, owner }: { readonly mode?: number; readonly owner: Owner | undefined },
  operation: string,
): Promise<void> {
  const { folder, name, stat: found } = entry;
  if (found?.isDirectory() === true)
    throw new HostError({ operation, code: 'EISDIR', detail: 'it is a directory, a file is expected' });
  if (found !== undefined) expectPlain(entry, found);
  // if owner and mode are given, the mode is for that owner, and replaces the old one; a setuid bit is never kept
  const kept = owner === undefined || mode === undefined ? found && found.mode & 0o777 : undefined;
  await replaceFile(folder, name, { text, mode: kept ?? mode ?? NEW_FILE_MODE, owner: owner ?? found });
}

/** Lets other users enter our folders, but not list them. @param from the uppermost of these folders */
async function makePassable(path: string, from: string): Promise<void> {
  for (let folder = dirname(path); folder.length >= from.length; folder = dirname(folder)) {
    await withEntry(folder, {}, async (entry) => {
      const { uid, mode } = entry.stat ?? { uid: -1, mode: 0 };
      if (uid === process.geteuid?.() && (mode & 0o001) === 0)
        await chmod(at(entry.folder, entry.name), (mode & 0o7777) | 0o011);
    });
  }
}

async function remove(path: string): Promise<void> {
  await attempt(`remove ${path}`, path, { link: true }, ({ folder, name }) => unlink(at(folder, name)));
}

/** Removes temporary files of a killed writer; only one writer may work in these folders at a time. */
async function sweep(folders: readonly string[]): Promise<void> {
  for (const path of folders) {
    await attempt(`list ${path}`, path, {}, (entry) => sweepIn(at(entry.folder, entry.name))).catch(() => undefined);
  }
}

async function sweepIn(folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter(isLeftover)) await unlink(`${folder}/${name}`);
}
