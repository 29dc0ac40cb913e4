// Which paths cross now and did not before: what lies between the two looks has opened them. Pure.
import type { Path } from './types.ts';

const nameOf = ({ family, origin, destination }: Path): string => `${family} ${origin.name} -> ${destination.name}`;

const outBy = ({ answer }: Path): string => (answer.verdict === 'forward' ? answer.dev : '');

/** One kind of traffic, whichever of its destinations was asked for. */
const trafficOf = (path: Path): string =>
  `${path.family} ${path.origin.name} -> ${path.destination.side} by ${outBy(path)}`;

/**
 * Paths are told by the names of origin and destination. One that could not be asked for before (an endpoint that nobody
 * had) was there before where the same origin crossed to the same side by the same interface; one of a new origin was not.
 * One that crossed the other way before (out by the underlay, and into the mesh now) was not there either.
 */
export function openedPaths(before: readonly Path[], after: readonly Path[]): Path[] {
  const asked = new Map(before.map((path) => [nameOf(path), path]));
  const crossed = new Set(before.filter(({ leak }) => leak !== undefined).map(trafficOf));
  return after.filter((path) => {
    if (path.leak === undefined) return false;
    const known = asked.get(nameOf(path));
    return known === undefined ? !crossed.has(trafficOf(path)) : known.leak !== path.leak;
  });
}
