// Finds the directory entries that a path depends on: itself, every symbolic link on the path, and their targets.
import { lstat, readlink } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';

/** the kernel's own limit for one path (linux/namei.h, MAXSYMLINKS) */
const MAX_SYMLINKS = 40;

/** The first symbolic link among the path's components, and the path with that link resolved. */
async function firstLink(path: string): Promise<{ readonly link: string; readonly target: string } | undefined> {
  const parts = path.split(sep).slice(1);
  for (let n = 1; n <= parts.length; n++) {
    const part = join(sep, ...parts.slice(0, n));
    const found = await lstat(part).catch(() => undefined);
    if (found === undefined) return undefined; // missing: the rest of the path is unknown
    if (!found.isSymbolicLink()) continue;
    const to = await readlink(part).catch(() => undefined);
    if (to === undefined) return undefined;
    return { link: part, target: join(resolve(dirname(part), to), ...parts.slice(n)) };
  }
  return undefined;
}

/** `path` is absolute; a missing part ends the chain. Never throws. */
export async function linkChain(path: string): Promise<string[]> {
  const chain = [path];
  let at = path;
  for (let i = 0; i < MAX_SYMLINKS; i++) {
    const found = await firstLink(at);
    if (found === undefined) break;
    at = found.target;
    chain.push(found.link, at);
  }
  return [...new Set(chain)];
}
