// What we set of what is another's, beside what it was before: only what is still as we set it is ours to give back.
import type { Notes } from '../host/types.ts';

/** `set:sysctl:net.ipv4.ip_forward=1`: several where the file said several, one after the other. */
const prefix = (what: string): string => `set:${what}=`;

export const noteSet = (notes: Notes, what: string, value: string): Promise<void> =>
  notes.note(`${prefix(what)}${value}`, '');

/** Undefined where nothing of it was noted as set. */
export function isAsSet(notes: ReadonlyMap<string, string>, what: string, value: string): boolean | undefined {
  if (notes.has(`${prefix(what)}${value}`)) return true;
  return [...notes.keys()].some((key) => key.startsWith(prefix(what))) ? false : undefined;
}

/** The keys of what was noted as set. They are forgotten with the note of what was there before, by which they are found. */
export const setKeys = async (notes: Notes, what: string): Promise<string[]> =>
  [...(await notes.all()).keys()].filter((key) => key.startsWith(prefix(what)));
