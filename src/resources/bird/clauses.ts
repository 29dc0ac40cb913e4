// The interface clauses of OSPF protocols in a bird.conf, and which one counts for an interface: the first that matches, as
// BIRD's iface_patt_find has it. Pure.
import { matchesPattern } from '../../net/name-pattern.ts';
import type { Sections } from './sections.ts';

/** Names of the protocols of a type: `ospf`, `kernel`. */
export const protocolsOf = (sections: Sections, type: string): string[] =>
  [...sections].flatMap(([name, said]) => (said.startsWith(`protocol ${type} `) ? [name] : []));

/** BFD's interface clauses lie directly in their protocol, and say so; only a protocol's own section is one word. */
export const protocolNames = (sections: Sections): string[] =>
  [...sections].flatMap(([name, said]) => (/^protocol \w/.test(said) && !name.includes(' ') ? [name] : []));

const KEY = /^(\S+) interface (.*?)(?: instance \d+)?$/;

/** `mesh4 interface wg1, -wg*` -> protocol and patterns. */
function clauseKey(section: string): { readonly protocol: string; readonly patterns: readonly string[] } | undefined {
  const [, protocol, list] = KEY.exec(section) ?? [];
  return protocol === undefined ? undefined : { protocol, patterns: (list ?? '').split(/\s*,\s*/) };
}

/** Within one clause the first pattern that matches decides, and one with `-` says no. */
function covers(patterns: readonly string[], name: string): boolean {
  const hit = patterns.find((pattern) => matchesPattern(pattern.replace(/^-/, ''), name));
  return hit !== undefined && !hit.startsWith('-');
}

/** What the clause that counts for an interface says; undefined where OSPF does not run on it. */
export function clauseFor(sections: Sections, protocol: string, name: string): string | undefined {
  for (const [section, said] of sections) {
    const key = clauseKey(section);
    if (key?.protocol === protocol && covers(key.patterns, name)) return said;
  }
  return undefined;
}

/** Every interface, or pattern of interfaces, that a protocol's clauses name. */
export const clauseNames = (sections: Sections, protocol: string): string[] =>
  [...sections.keys()].flatMap((section) => {
    const key = clauseKey(section);
    return key?.protocol === protocol ? key.patterns.filter((pattern) => !pattern.startsWith('-')) : [];
  });
