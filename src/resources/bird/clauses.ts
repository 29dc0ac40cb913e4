// The interface clauses of OSPF protocols in a bird.conf, and which one counts for an interface: the first that matches, as in
// BIRD's iface_patt_find. Pure.
import { matchesPattern } from '../../net/name-pattern.ts';
import type { Sections } from './sections.ts';

/** Names of the protocols of a type: `ospf`, `kernel`. */
export const protocolsOf = (sections: Sections, type: string): string[] =>
  [...sections].flatMap(([name, said]) => (said.startsWith(`protocol ${type} `) ? [name] : []));

/** BFD's interface clauses lie directly in their protocol and have its words; only the name of a protocol's section has no space. */
export const protocolNames = (sections: Sections): string[] =>
  [...sections].flatMap(([name, said]) => (/^protocol \w/.test(said) && !name.includes(' ') ? [name] : []));

const KEY = /^(\S+) interface (.*?)(?: instance \d+)?$/;

interface Clause {
  readonly patterns: readonly string[];
  readonly said: string;
  readonly index: number;
}

/** The clauses of one protocol: those for one interface by its name, and those with a list or a pattern. */
interface Clauses {
  readonly all: Clause[];
  readonly named: Map<string, Clause>;
  readonly wide: Clause[];
}

const indexed = new WeakMap<Sections, ReadonlyMap<string, Clauses>>();

/** `mesh4 interface wg1, -wg*` -> protocol and patterns; indexed, because a mesh may have a thousand and each is looked up. */
function clausesOf(sections: Sections, protocol: string): Clauses | undefined {
  const known = indexed.get(sections);
  if (known !== undefined) return known.get(protocol);
  const found = new Map<string, Clauses>();
  for (const [section, said] of sections) {
    const [, name, list = ''] = KEY.exec(section) ?? [];
    if (name === undefined) continue;
    const clauses = found.get(name) ?? { all: [], named: new Map<string, Clause>(), wide: [] };
    found.set(name, clauses);
    const clause = { patterns: list.split(/\s*,\s*/), said, index: clauses.all.length };
    clauses.all.push(clause);
    if (/[-,*?]/.test(list)) clauses.wide.push(clause);
    else if (!clauses.named.has(list)) clauses.named.set(list, clause);
  }
  indexed.set(sections, found);
  return found.get(protocol);
}

/** Within one clause the first pattern that matches decides; a pattern with `-` excludes the interface. */
function covers({ patterns }: Clause, name: string): boolean {
  const hit = patterns.find((pattern) => matchesPattern(pattern.replace(/^-/, ''), name));
  return hit !== undefined && !hit.startsWith('-');
}

/** The statements of the clause that counts for an interface; undefined if OSPF does not run on it. */
export function clauseFor(sections: Sections, protocol: string, name: string): string | undefined {
  const clauses = clausesOf(sections, protocol);
  const named = clauses?.named.get(name);
  const before = named?.index ?? Infinity;
  return (clauses?.wide.find((clause) => clause.index < before && covers(clause, name)) ?? named)?.said;
}

/** All interfaces, and patterns of interfaces, that a protocol's clauses name. */
export const clauseNames = (sections: Sections, protocol: string): string[] =>
  (clausesOf(sections, protocol)?.all ?? []).flatMap(({ patterns }) =>
    patterns.filter((pattern) => !pattern.startsWith('-')),
  );
