// Finds the processes that have a file open, in /proc (proc_pid_fd(5)): root sees all processes of its own PID namespace.
import { readdirSync, readlinkSync } from 'node:fs';
import { namespaceOf } from './netns/namespace-file.ts';

const tolerant = <T>(read: () => T, otherwise: T): T => {
  try {
    return read();
  } catch {
    return otherwise; // the process ended meanwhile, or we may not see it
  }
};

export function hasOpen(pid: number, path: string): boolean {
  const folder = `/proc/${pid}/fd`;
  const files = tolerant(() => readdirSync(folder), []);
  return files.some((fd) => tolerant(() => readlinkSync(`${folder}/${fd}`), '') === path);
}

export const allPids = (): number[] =>
  tolerant(() => readdirSync('/proc'), [])
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** @param where `here`: only processes in our network namespace */
export function pidsWith(path: string, where: 'here' | 'anywhere'): number[] {
  const own = namespaceOf('self');
  return allPids().filter((pid) => (where === 'anywhere' || namespaceOf(pid) === own) && hasOpen(pid, path));
}
