// What a change of bird.conf does to traffic once BIRD takes it. Pure. After BIRD's proto/ospf/ospf.c, proto/ospf/iface.c
// and sysdep/unix/krt.c, and as measured (docs/facts.md): cost, timers, neighbours, filters and whole clauses are taken in
// place; a link's type or stub restarts OSPF on that link; router id and area restart all of it.
import type { Impact } from '../../engine/types.ts';
import { changedSections, type Sections } from './sections.ts';

/** The kernel protocol's place for its routes: routes elsewhere are not BIRD's to it any more. */
export interface KernelPlace {
  /** undefined: main */
  readonly table: number | undefined;
  readonly metric: number;
}

const number = (statements: string, word: string): number | undefined => {
  const m = new RegExp(`\\b${word} (\\d+);`).exec(statements);
  return m === null ? undefined : Number(m[1]);
};

/** BIRD 2 and 3 default to metric 32. */
export function kernelPlace(sections: Sections): KernelPlace | undefined {
  const kernel = sections.get('kernel4');
  if (kernel === undefined) return undefined;
  return { table: number(kernel, 'kernel table'), metric: number(kernel, 'metric') ?? 32 };
}

/**
 * Where the routes of the file before lie, if they stay behind in a table that is still in use: by another metric, or in
 * main. A table of our own that is given up is known by its guard, and emptied by the kind that owns it.
 */
export function abandonedPlace(before: Sections, after: Sections): KernelPlace | undefined {
  const [old, now] = [kernelPlace(before), kernelPlace(after)];
  if (old === undefined || now === undefined) return undefined;
  if (old.table !== undefined && old.table !== now.table) return undefined;
  return old.table === now.table && old.metric === now.metric ? undefined : old;
}

/** Where our routes are, if that is main: nobody else empties that when all of ours goes. */
export function placeInMain(sections: Sections): KernelPlace | undefined {
  const place = kernelPlace(sections);
  return place?.table === undefined ? place : undefined;
}

/**
 * Any option of the kernel protocol restarts it. One that had `persist` leaves its routes where they are meanwhile, and
 * those of another metric until theirs are there (stale-routes.ts); rules look into another table at another moment.
 */
function kernelImpact(before: Sections, after: Sections): Impact {
  const [old, now] = [kernelPlace(before), kernelPlace(after)];
  if (old?.table !== now?.table) return 'traffic-gap';
  if (/(^| )persist;/.test(before.get('kernel4') ?? '')) return 'none';
  const options = (sections: Sections): string => (sections.get('kernel4') ?? '').replace(/ import .*/, '');
  return options(before) === options(after) ? 'none' : 'traffic-gap';
}

/** What OSPF cannot change on a live interface. */
function fixedPart(clause: string): string {
  return ['type \\w+;', 'stub;'].map((pattern) => new RegExp(pattern).exec(clause)?.[0] ?? '').join(' ');
}

export function gradeChange(before: Sections, after: Sections): Impact {
  const changed = changedSections(before, after);
  if (changed.includes('kernel4') && before.has('kernel4') && kernelImpact(before, after) === 'traffic-gap') {
    return 'traffic-gap';
  }
  const restarts = changed.some((name) => {
    const [old, now] = [before.get(name), after.get(name)];
    if (name === 'router id' || name === 'area') return true;
    if (!name.startsWith('interface ') || old === undefined || now === undefined) return false;
    return fixedPart(old) !== fixedPart(now);
  });
  return restarts ? 'adjacency-reset' : 'none';
}
