// Finds out whether a program is installed, without starting it. Reads only.
import type { Files, FileStat } from './types.ts';

/** The folders of packages, and of programs that an administrator builds. */
const FOLDERS = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin', '/sbin', '/bin'];

export const programPaths = (program: string): string[] => FOLDERS.map((folder) => `${folder}/${program}`);

/** undefined if the program is not installed */
export async function findProgram(files: Pick<Files, 'stat'>, program: string): Promise<FileStat | undefined> {
  const found = await Promise.all(programPaths(program).map((path) => files.stat(path)));
  return found.find((stat) => stat !== undefined);
}
