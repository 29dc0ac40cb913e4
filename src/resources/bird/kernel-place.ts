// Where BIRD's kernel protocols put their routes, and which of these places a change leaves behind. Pure.
import { samePlace, type KernelPlace } from '../bird-places.ts';
import { protocolsOf } from './clauses.ts';
import type { Sections } from './sections.ts';

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

/** A place that routes were left in, and where they are now; undefined: nowhere, that family is off. */
export interface Move {
  readonly from: KernelPlace;
  readonly to: KernelPlace | undefined;
}

/** Of all kernel protocols of a file. */
export const placesOf = (sections: Sections): KernelPlace[] =>
  protocolsOf(sections, 'kernel').flatMap((protocol) => kernelPlace(sections, protocol) ?? []);

/**
 * Where the routes of the file before lie, if they stay behind in a table that is still in use: by another metric, of a family
 * that is off now, or in main. A table of our own that is given up is known by its guard, and emptied by the kind that owns it.
 */
export const abandonedPlaces = (before: Sections, after: Sections): Move[] =>
  movesFrom(placesOf(before), after).filter(({ from: { table } }) => table === undefined || usesTable(after, table));

export const usesTable = (sections: Sections, table: number): boolean =>
  placesOf(sections).some((place) => place.table === table);

/** Of these places those that a file does not have, and where it has that family's routes. */
export function movesFrom(places: readonly KernelPlace[], after: Sections): Move[] {
  const wanted = placesOf(after);
  return places
    .filter((place) => !wanted.some((other) => samePlace(place, other)))
    .map((from) => ({ from, to: wanted.find(({ family }) => family === from.family) }));
}

/** Where our routes are, if that is main: nobody else empties that when all of ours goes. */
export const placesInMain = (sections: Sections): KernelPlace[] =>
  placesOf(sections).filter(({ table }) => table === undefined);
