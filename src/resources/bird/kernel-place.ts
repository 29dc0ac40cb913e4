// Where BIRD's kernel protocols put their routes, and which of these places a change leaves behind. Pure.
import { protocolsOf } from './clauses.ts';
import type { Sections } from './sections.ts';

/** A kernel protocol's place for its routes: routes elsewhere are not BIRD's to it any more. */
export interface KernelPlace {
  readonly family: 4 | 6;
  /** undefined: main */
  readonly table: number | undefined;
  readonly metric: number;
}

const number = (statements: string, word: string): number | undefined => {
  const m = new RegExp(`\\b${word} (\\d+);`).exec(statements);
  return m === null ? undefined : Number(m[1]);
};

/** The default of BIRD 2 and 3; ours always say one, whatever the version. */
const DEFAULT_METRIC = 32;

export function kernelPlace(sections: Sections, protocol: string): KernelPlace | undefined {
  const kernel = sections.get(protocol);
  if (kernel === undefined) return undefined;
  const family = protocol.endsWith('6') ? 6 : 4;
  return { family, table: number(kernel, 'kernel table'), metric: number(kernel, 'metric') ?? DEFAULT_METRIC };
}

/** A place that routes were left in, and where they are now. */
export interface Move {
  readonly from: KernelPlace;
  readonly to: KernelPlace;
}

/**
 * Where the routes of the file before lie, if they stay behind in a table that is still in use: by another metric, or in
 * main. A table of our own that is given up is known by its guard, and emptied by the kind that owns it.
 */
export function abandonedPlaces(before: Sections, after: Sections): Move[] {
  return protocolsOf(before, 'kernel').flatMap((protocol): Move[] => {
    const [from, to] = [kernelPlace(before, protocol), kernelPlace(after, protocol)];
    if (from === undefined || to === undefined) return [];
    if (from.table !== undefined && from.table !== to.table) return [];
    return from.table === to.table && from.metric === to.metric ? [] : [{ from, to }];
  });
}

/** Where our routes are, if that is main: nobody else empties that when all of ours goes. */
export const placesInMain = (sections: Sections): KernelPlace[] =>
  protocolsOf(sections, 'kernel').flatMap((protocol) => {
    const place = kernelPlace(sections, protocol);
    return place === undefined || place.table !== undefined ? [] : [place];
  });
