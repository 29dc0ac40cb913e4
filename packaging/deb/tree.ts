// The files of the package as a list, and that list as a folder for dpkg-deb, all with the same time.
import { chmod, copyFile, lstat, lutimes, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** `path` is relative to the root, without a slash in front. */
export type Entry =
  | { readonly path: string; readonly text: string | Uint8Array; readonly mode?: number }
  | { readonly path: string; readonly from: string; readonly mode?: number }
  | { readonly path: string; readonly link: string }
  | { readonly path: string; readonly folder: true; readonly mode?: number };

const FILE = 0o644;
const FOLDER = 0o755;

/** Every parent folder of an entry, parents first. */
export function foldersOf(entries: readonly Entry[]): string[] {
  const folders = new Set<string>();
  for (const { path } of entries) {
    for (let at = dirname(path); at !== '.'; at = dirname(at)) folders.add(at);
  }
  return [...folders].sort();
}

async function put(entry: Entry, path: string): Promise<void> {
  if ('link' in entry) return symlink(entry.link, path);
  if ('folder' in entry) await mkdir(path, { recursive: true });
  else if ('from' in entry) await copyFile(entry.from, path);
  else await writeFile(path, entry.text);
  // independent of the umask
  await chmod(path, entry.mode ?? ('folder' in entry ? FOLDER : FILE));
}

/** @param epoch seconds since 1970, the time of all files and folders */
export async function writeTree(root: string, entries: readonly Entry[], epoch: number): Promise<void> {
  const folders = foldersOf(entries);
  for (const folder of ['', ...folders]) {
    await mkdir(join(root, folder), { recursive: true });
    await chmod(join(root, folder), FOLDER);
  }
  for (const entry of entries) await put(entry, join(root, entry.path));
  // deepest first, then their parents: each write changes the time of its folder
  const paths = [...folders, ...entries.map(({ path }) => path)].sort().reverse();
  for (const path of [...paths, '']) await lutimes(join(root, path), epoch, epoch);
}

/** KiB as deb-substvars(5) counts Installed-Size: files by their size rounded up, everything else as 1. */
export async function sizeOf(folder: string): Promise<number> {
  const paths = await readdir(folder, { recursive: true });
  const found = await Promise.all(paths.map((path) => lstat(join(folder, path))));
  return found.reduce((sum, entry) => sum + (entry.isFile() ? Math.ceil(entry.size / 1024) : 1), 0);
}
