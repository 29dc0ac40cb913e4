// Identifies a network namespace by its file: /run/netns/NAME, or /proc/self/ns/net for our own.
import { readlinkSync, statSync } from 'node:fs';
import { NAMESPACES } from '../rtnetlink/place.ts';

/** The file's inode (nsfs), which is equal for two files of one namespace; undefined if the file is missing. */
const inodeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.ino;

/** undefined if there is no namespace of that name. */
export const namespaceId = (name: string): number | undefined => inodeOf(`${NAMESPACES}/${name}`);

export const ownNamespaceId = (): number => inodeOf('/proc/self/ns/net') ?? 0;

/** The namespace of a process: `net:[4026531840]`, whose number is the same inode; undefined if it ended or we may not see it. */
export function namespaceOf(pid: number | 'self'): number | undefined {
  try {
    const [, inode] = /^net:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/ns/net`)) ?? [];
    return inode === undefined ? undefined : Number(inode);
  } catch {
    return undefined;
  }
}
