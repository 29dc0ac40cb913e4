// Named network namespaces: made and taken away by ip-netns(8), or by a unit where systemd runs, and entered by their agent part.
import { readdir } from 'node:fs/promises';
import { hasErrno, hostError } from '../errno.ts';
import { HostError } from '../error.ts';
import { run } from '../processes.ts';
import type { Host, NetworkNamespaces } from '../types.ts';

/** Where ip-netns(8) keeps them, each a bind mount of its namespace. */
const FOLDER = '/run/netns';

export function createNamespaces(): NetworkNamespaces {
  return { list, add, delete: remove, enter };
}

async function list(): Promise<string[]> {
  try {
    return (await readdir(FOLDER)).sort();
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return [];
    throw hostError(`list ${FOLDER}`, error);
  }
}

async function add(name: string): Promise<void> {
  await run('ip', ['netns', 'add', name]);
  await run('ip', ['-n', name, 'link', 'set', 'lo', 'up']);
}

async function remove(name: string): Promise<void> {
  await run('ip', ['netns', 'delete', name]);
}

async function enter(name: string): Promise<Host | undefined> {
  if (!(await list()).includes(name)) return undefined;
  throw new HostError({ operation: `enter network namespace ${name}`, code: 'ENOSYS', detail: 'nobody is inside' });
}
