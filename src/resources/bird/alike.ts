// Finds the tunnels that share the clause of a pattern (`tunnelPattern`). BIRD uses the first clause that matches, so the
// other clauses come before it. `-"NAME"` excludes a link that must not speak here at all. Pure.
import { compareText } from '../../net/compare-text.ts';
import { matchesPattern } from '../../net/name-pattern.ts';
import type { RouterModel } from '../../model/types.ts';
import type { MeshLink } from '../tags.ts';

export interface SharedClause {
  /** names that match the pattern and are not in this area */
  readonly excluded: readonly string[];
  readonly body: readonly string[];
  /** the tunnels that use this clause */
  readonly names: ReadonlySet<string>;
}

/** Whether the pattern covers this link. */
export const sharedBy = (pattern: string, link: MeshLink): boolean =>
  'peer' in link && matchesPattern(pattern, link.name);

/** The clause that most of these have; of equally frequent ones the first in the order of texts. */
function commonest(bodies: readonly (readonly string[])[], usual: readonly string[]): readonly string[] {
  const counts = new Map<string, { body: readonly string[]; count: number }>();
  for (const body of bodies) {
    const key = body.join('\n');
    counts.set(key, { body, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  const [most] = [...counts].sort(([a, x], [b, y]) => y.count - x.count || compareText(a, b));
  return most?.[1].body ?? usual;
}

/**
 * `here`: the clauses of the area if each link had its own. `usual`: the clause of a tunnel without options, for as long as there
 * is no tunnel.
 */
export function sharedClause(
  model: RouterModel,
  pattern: string,
  here: ReadonlyMap<string, readonly string[]>,
  usual: readonly string[],
): SharedClause {
  const matching = [...model.interfaces, ...model.tunnels].filter(({ name }) => matchesPattern(pattern, name));
  const others = (model.env.foreignLinks ?? []).filter((name) => matchesPattern(pattern, name));
  const tunnels = model.tunnels.filter(({ name }) => here.has(name) && matchesPattern(pattern, name));
  const body = commonest(
    tunnels.map(({ name }) => here.get(name) ?? []),
    usual,
  );
  const text = body.join('\n');
  return {
    excluded: [...matching.map(({ name }) => name), ...others].filter((name) => !here.has(name)).sort(compareText),
    body,
    names: new Set(tunnels.map(({ name }) => name).filter((name) => here.get(name)?.join('\n') === text)),
  };
}
