// A cache of names of links and their indexes. An entry is valid for a second: a link can be renamed and another link can get
// its name, and an old index would then put an address on the wrong link.
import type { LinkInfo } from '../types.ts';

const GOOD_FOR_MS = 1000;

export interface LinkNames {
  /** undefined if the name was not seen recently */
  indexOf(name: string): number | undefined;
  nameOf(index: number): string | undefined;
  /** stores one link */
  saw(link: Pick<LinkInfo, 'name' | 'index'>): void;
  /** stores a complete listing, and forgets all other links */
  sawAll(links: readonly LinkInfo[]): void;
  forget(name: string): void;
}

/** @param now milliseconds of a monotonic clock */
export function createLinkNames(now: () => number): LinkNames {
  const byName = new Map<string, { index: number; seen: number }>();
  const byIndex = new Map<number, { name: string; seen: number }>();
  const good = (seen: number): boolean => now() - seen < GOOD_FOR_MS;

  const forget = (name: string): void => {
    const entry = byName.get(name);
    if (entry !== undefined && byIndex.get(entry.index)?.name === name) byIndex.delete(entry.index);
    byName.delete(name);
  };
  const saw = ({ name, index }: Pick<LinkInfo, 'name' | 'index'>): void => {
    const former = byIndex.get(index);
    if (former !== undefined && former.name !== name) forget(former.name);
    const seen = now();
    byName.set(name, { index, seen });
    byIndex.set(index, { name, seen });
  };
  return {
    indexOf: (name) => {
      const entry = byName.get(name);
      return entry !== undefined && good(entry.seen) ? entry.index : undefined;
    },
    nameOf: (index) => {
      const entry = byIndex.get(index);
      return entry !== undefined && good(entry.seen) ? entry.name : undefined;
    },
    saw,
    sawAll: (links) => {
      byName.clear();
      byIndex.clear();
      links.forEach(saw);
    },
    forget,
  };
}
