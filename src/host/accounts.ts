// Looks up the numbers of users and groups in passwd(5) and group(5): node has no getpwnam, and the accounts needed here
// (root, bird) are local ones made by packages.
import { readFile } from 'node:fs/promises';
import { hostError } from './errno.ts';
import { HostError } from './error.ts';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

const PASSWD = '/etc/passwd';
const GROUP = '/etc/group';

/** The number in the third field of `name`'s line, as in passwd(5) and group(5). */
async function lookup(file: string, name: string, operation: string): Promise<number | undefined> {
  try {
    const text = await readFile(file, 'utf8');
    const line = text.split('\n').find((l) => l.startsWith(`${name}:`));
    const id = Number(line?.split(':')[2] ?? NaN);
    return Number.isInteger(id) ? id : undefined;
  } catch (error) {
    throw hostError(`${operation} (looking up ${name} in ${file})`, error);
  }
}

/** The number of a local group; undefined if it does not exist. */
export const groupId = (name: string): Promise<number | undefined> => lookup(GROUP, name, 'look up group');

export const groupExists = async (name: string): Promise<boolean> => (await groupId(name)) !== undefined;

/** Looks up the numbers of `user:group`; a HostError `EINVAL` names the unknown one. */
export async function lookupOwner(owner: string, operation: string): Promise<Owner> {
  const [user, group, ...rest] = owner.split(':');
  if (user === undefined || group === undefined || rest.length > 0) {
    throw new HostError({ operation, code: 'EINVAL', detail: `owner "${owner}" is not of the form user:group` });
  }
  const uid = await lookup(PASSWD, user, operation);
  if (uid === undefined) throw unknown('user', user, operation);
  const gid = await lookup(GROUP, group, operation);
  if (gid === undefined) throw unknown('group', group, operation);
  return { uid, gid };
}

function unknown(what: 'user' | 'group', name: string, operation: string): HostError {
  const cure = name === 'bird' ? '; the package bird2 makes it' : '';
  return new HostError({ operation, code: 'EINVAL', detail: `this host has no ${what} "${name}"${cure}` });
}
