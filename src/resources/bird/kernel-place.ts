// Where BIRD's kernel protocols put their routes, and which of these places a change abandons. Pure.
import { samePlace, type KernelPlace } from '../bird-places.ts';
import { protocolsOf } from './clauses.ts';
import type { Sections } from './sections.ts';

const number = (statements: string, word: string): number | undefined => {
  const m = new RegExp(`\\b${word} (\\d+);`).exec(statements);
  return m === null ? undefined : Number(m[1]);
};

/** The default of BIRD 2 and 3; our files always name a metric, whatever the version. */
const DEFAULT_METRIC = 32;

export function kernelPlace(sections: Sections, protocol: string): KernelPlace | undefined {
  const kernel = sections.get(protocol);
  if (kernel === undefined) return undefined;
  const family = protocol.endsWith('6') ? 6 : 4;
  return { family, table: number(kernel, 'kernel table'), metric: number(kernel, 'metric') ?? DEFAULT_METRIC };
}

/** A place where routes were left, and where that family's routes are now; `to` is undefined if that family is off. */
export interface Move {
  readonly from: KernelPlace;
  readonly to: KernelPlace | undefined;
}

/** The places of all kernel protocols of a file. */
export const placesOf = (sections: Sections): KernelPlace[] =>
  protocolsOf(sections, 'kernel').flatMap((protocol) => kernelPlace(sections, protocol) ?? []);

/**
 * The places of the earlier file whose routes stay behind in a table that is still used: with another metric, of a family that is
 * now off, or in main. If a table of ours is given up, its guard marks it, and the kind that owns the guard empties it.
 */
export const abandonedPlaces = (before: Sections, after: Sections): Move[] =>
  movesFrom(placesOf(before), after).filter(({ from: { table } }) => table === undefined || usesTable(after, table));

export const usesTable = (sections: Sections, table: number): boolean =>
  placesOf(sections).some((place) => place.table === table);

/** Those of the places that a file does not have, with the place where it now puts routes of that family. */
export function movesFrom(places: readonly KernelPlace[], after: Sections): Move[] {
  const wanted = placesOf(after);
  return places
    .filter((place) => !wanted.some((other) => samePlace(place, other)))
    .map((from) => ({ from, to: wanted.find(({ family }) => family === from.family) }));
}

/** The places in main: when everything of ours goes, no other kind empties main. */
export const placesInMain = (sections: Sections): KernelPlace[] =>
  placesOf(sections).filter(({ table }) => table === undefined);
