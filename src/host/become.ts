// Replaces the process by another program, like a shell's `exec`: terminal, signals and exit status belong to that program.
import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';
import { HostError } from './error.ts';

/** Debian installs `ip` in sbin, which is not in the PATH of an ordinary user. */
const folders = (): string[] => [...(process.env['PATH'] ?? '').split(':').filter(Boolean), '/usr/sbin', '/sbin'];

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

const find = (name: string): string | undefined =>
  name.includes('/')
    ? name
    : folders()
        .map((folder) => join(folder, name))
        .find(isProgram);

/** Does not return. Throws a HostError ENOENT if there is no such program. @param command with its arguments */
export function become(command: readonly string[]): never {
  const [name = '', ...args] = command;
  const file = find(name);
  if (file === undefined || !isProgram(file)) {
    const detail = 'there is no such program in PATH';
    throw new HostError({ operation: `run ${name}`, code: 'ENOENT', detail });
  }
  const env = Object.entries(process.env).filter(([, value]) => value !== undefined);
  process.execve?.(file, [name, ...args], Object.fromEntries(env));
  throw new HostError({ operation: `run ${name}`, code: 'ENOSYS', detail: 'this Node cannot become another program' });
}
