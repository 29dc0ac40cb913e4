// Where V8 keeps what it compiled of the program, so that the next start has it (node:module, enableCompileCache). Node believes
// what it finds there, so it must be a folder that only its owner enters, and the owner the one whom the program belongs to.
import { lstatSync, statSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

/** Where the package puts the program; its postinst makes the other folder. */
const PACKAGED = { program: '/usr/lib/wgospf', cache: '/var/cache/wgospf' } as const;

/** Beside a program built from a checkout. */
export const cacheFolder = (program: string): string =>
  program === PACKAGED.program ? PACKAGED.cache : join(program, '.cache');

/** Nobody else has ever been able to put a file into it; a link is none. */
export function isOwn(folder: string, program: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() === true && (found.mode & 0o077) === 0 && found.uid === statSync(program).uid;
}

/** Of no folder, or one that may not be written, nothing comes: the program is compiled anew. @param program its folder */
export function useCompileCache(program: string): void {
  try {
    const folder = cacheFolder(program);
    if (isOwn(folder, program)) enableCompileCache(folder);
  } catch {
    // EACCES and the like: as without
  }
}
