// Which tunnels share the clause of a pattern (`tunnelPattern`). The first clause that matches counts in BIRD, so the
// others stand before it; what shall not speak here at all is left out by `-"NAME"`. Pure.
import { compareText } from '../../net/compare-text.ts';
import { matchesPattern } from '../../net/name-pattern.ts';
import type { RouterModel } from '../../model/types.ts';
import type { MeshLink } from '../tags.ts';

export interface SharedClause {
  /** names that match the pattern and belong elsewhere */
  readonly excluded: readonly string[];
  readonly body: readonly string[];
  /** whose clause this is */
  readonly names: ReadonlySet<string>;
}

/** Whether a pattern stands for this link. */
export const sharedBy = (pattern: string, link: MeshLink): boolean =>
  'peer' in link && matchesPattern(pattern, link.name);

/** The clause that most of these have, the first in the order of texts where two are as many. */
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
 * `here`: the clauses that the area would have one by one. `usual`: what a tunnel says that says nothing, for the time when
 * there is none as yet.
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
