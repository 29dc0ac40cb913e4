// The folder in which V8 keeps the compiled program for the next start (node:module, enableCompileCache). Node trusts
// the files there, so only the folder's owner may be able to enter it, and the owner must be the owner of the program.
import { lstatSync, statSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

/** The package's folder of the program; its postinst makes the cache folder. */
const PACKAGED = { program: '/usr/lib/wgospf', cache: '/var/cache/wgospf' } as const;

/** For a program built from a checkout: a folder next to it. */
export const cacheFolder = (program: string): string =>
  program === PACKAGED.program ? PACKAGED.cache : join(program, '.cache');

/** Whether only the owner can have put files into the folder; false for a symbolic link. */
export function isOwn(folder: string, program: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() === true && (found.mode & 0o077) === 0 && found.uid === statSync(program).uid;
}

/** If the folder is missing or not writable, Node compiles the program again. @param program its folder */
export function useCompileCache(program: string): void {
  try {
    const folder = cacheFolder(program);
    if (isOwn(folder, program)) enableCompileCache(folder);
  } catch {
    // EACCES and similar: continue without the cache
  }
}
