// Whether a program is installed, told without starting it. Reads only.
import type { Files, FileStat } from './types.ts';

/** Where packages put programs, and where an administrator puts one that he builds. */
const FOLDERS = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin', '/sbin', '/bin'];

export const programPaths = (program: string): string[] => FOLDERS.map((folder) => `${folder}/${program}`);

/** undefined where there is none of that name */
export async function findProgram(files: Pick<Files, 'stat'>, program: string): Promise<FileStat | undefined> {
  const found = await Promise.all(programPaths(program).map((path) => files.stat(path)));
  return found.find((stat) => stat !== undefined);
}
