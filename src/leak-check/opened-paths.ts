// The paths that cross now and did not cross before: a change between the two looks has opened them. Pure.
import type { Path } from './types.ts';

const nameOf = ({ family, origin, destination }: Path): string => `${family} ${origin.name} -> ${destination.name}`;

const outBy = ({ answer }: Path): string => (answer.verdict === 'forward' ? answer.dev : '');

/** The kind of traffic of a path, without its exact destination. */
const trafficOf = (path: Path): string =>
  `${path.family} ${path.origin.name} -> ${path.destination.side} by ${outBy(path)}`;

/**
 * The names of origin and destination identify a path. A path that was not asked before (a new endpoint) is old if the same
 * origin crossed to the same side over the same interface; a path of a new origin is new. A path that crossed in the other
 * direction before (out over the underlay, and now into the mesh) is new too.
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
