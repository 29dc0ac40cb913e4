// A network namespace by its file: /run/netns/NAME, or /proc/self/ns/net for our own.
import { readlinkSync, statSync } from 'node:fs';
import { NAMESPACES } from '../rtnetlink/place.ts';

/** Its inode (nsfs), by which two files of one namespace are equal; undefined where there is none. */
const inodeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.ino;

/** Undefined where there is no namespace of that name. */
export const namespaceId = (name: string): number | undefined => inodeOf(`${NAMESPACES}/${name}`);

export const ownNamespaceId = (): number => inodeOf('/proc/self/ns/net') ?? 0;

/** Of a process: `net:[4026531840]`, whose number is the same inode; undefined where it ended or is not for us to see. */
export function namespaceOf(pid: number | 'self'): number | undefined {
  try {
    const [, inode] = /^net:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/ns/net`)) ?? [];
    return inode === undefined ? undefined : Number(inode);
  } catch {
    return undefined;
  }
}
