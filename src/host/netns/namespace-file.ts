// A network namespace by its file: /run/netns/NAME, or /proc/self/ns/net for our own.
import { statSync } from 'node:fs';
import { NAMESPACES } from '../rtnetlink/place.ts';

/** Its inode (nsfs), by which two files of one namespace are equal; undefined where there is none. */
const inodeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.ino;

/** Undefined where there is no namespace of that name. */
export const namespaceId = (name: string): number | undefined => inodeOf(`${NAMESPACES}/${name}`);

export const ownNamespaceId = (): number => inodeOf('/proc/self/ns/net') ?? 0;
