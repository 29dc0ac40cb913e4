// Notes of the values that we set on foreign objects, beside the values before: wgospf restores a value only if ours is still set.
import type { Notes } from '../host/types.ts';

/** `set:sysctl:net.ipv4.ip_forward=1`: several notes if the file had several values over time. */
const prefix = (what: string): string => `set:${what}=`;

export const noteSet = (notes: Notes, what: string, value: string): Promise<void> =>
  notes.note(`${prefix(what)}${value}`, '');

/** undefined if no note says that we set it. */
export function isAsSet(notes: ReadonlyMap<string, string>, what: string, value: string): boolean | undefined {
  if (notes.has(`${prefix(what)}${value}`)) return true;
  return [...notes.keys()].some((key) => key.startsWith(prefix(what))) ? false : undefined;
}

/** The keys of its `set:` notes. They are forgotten together with the note of the value before, because that note finds the object. */
export const setKeys = async (notes: Notes, what: string): Promise<string[]> =>
  [...(await notes.all()).keys()].filter((key) => key.startsWith(prefix(what)));
