// Which process has a file open, as /proc tells it (proc_pid_fd(5)): root sees all of its own PID namespace.
import { readdirSync, readlinkSync } from 'node:fs';
import { namespaceOf } from './netns/namespace-file.ts';

const tolerant = <T>(read: () => T, otherwise: T): T => {
  try {
    return read();
  } catch {
    return otherwise; // it ended meanwhile, or is not for us to see
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

/** @param where `here`: those in our network namespace alone */
export function pidsWith(path: string, where: 'here' | 'anywhere'): number[] {
  const own = namespaceOf('self');
  return allPids().filter((pid) => (where === 'anywhere' || namespaceOf(pid) === own) && hasOpen(pid, path));
}
