// What a change of bird.conf does to traffic when BIRD takes it. Pure. By BIRD's proto/ospf/ospf.c, proto/ospf/iface.c and
// sysdep/unix/krt.c, and by measurement (docs/facts.md): BIRD changes cost, timers, keys, neighbours, filters and whole clauses
// in place; a link's type or stub restarts OSPF on that link; router id and areas restart the whole protocol.
import type { Impact } from '../../engine/types.ts';
import { clauseFor, clauseNames, protocolsOf } from './clauses.ts';
import { kernelPlace } from './kernel-place.ts';
import { HEAD, type Sections } from './sections.ts';

/**
 * Any option of the kernel protocol restarts it. With `persist` the old routes stay meanwhile, and those of another metric stay
 * until the new ones are there (stale-routes.ts). Another table is a gap, because the rules change to it at another moment.
 */
function kernelGap(before: Sections, after: Sections, protocol: string): boolean {
  const [old, now] = [before.get(protocol) ?? '', after.get(protocol) ?? ''];
  if (kernelPlace(before, protocol)?.table !== kernelPlace(after, protocol)?.table) return true;
  if (/(^| )persist;/.test(old)) return false;
  const options = (statements: string): string => statements.replace(/ import .*/, '');
  return options(old) !== options(now);
}

/** What OSPF cannot change on a live interface (proto/ospf/iface.c, ospf_iface_reconfigure); the first is the area. */
const FIXED_ON_LINK = [
  /^[^:]* :/,
  /\btype \w+;/,
  /\bstub\b[^;]*;/,
  /\breal broadcast\b[^;]*;/,
  /\bttl security\b[^;]*;/,
  /\btx (?:class|dscp|priority)\b[^;]*;/,
];

/** What restarts a whole OSPF protocol (proto/ospf/ospf.c, ospf_reconfigure). */
const FIXED = [
  /^[^:]* :/,
  /\brouter id\b[^;]*;/,
  /\brfc1583compat\b[^;]*;/,
  /\binstance id\b[^;]*;/,
  /\bvrf\b[^;]*;/,
  /\btable \w+;/,
];
const FIXED_OF_AREA = [/\bstub\b[^;]*;/, /\bnssa\b[^;]*;/];

const parts = (statements: string, patterns: readonly RegExp[]): string =>
  patterns.map((pattern) => pattern.exec(statements)?.[0] ?? '').join(' ');

/** The statements of a protocol that must not change if any of its adjacencies is to survive. */
function fixedPart(sections: Sections, protocol: string): string {
  const areas = [...sections].filter(([name]) => name.startsWith(`${protocol} area `));
  return [
    sections.get('router id') ?? '',
    parts(sections.get(protocol) ?? '', FIXED),
    ...areas.map(([name, said]) => `${name} ${parts(said, FIXED_OF_AREA)}`).sort(),
  ].join('\n');
}

/** Whether a change may end a protocol's adjacencies on an interface, also by removing the interface. */
export type Resets = (protocol: string, name: string) => boolean;

export function resetsOf(before: Sections, after: Sections): Resets {
  const restarts = protocolsOf(before, 'ospf').filter((p) => fixedPart(before, p) !== fixedPart(after, p));
  return (protocol, name) => {
    const [old, now] = [clauseFor(before, protocol, name), clauseFor(after, protocol, name)];
    if (restarts.includes(protocol) || old === undefined || now === undefined) return true;
    return parts(old, FIXED_ON_LINK) !== parts(now, FIXED_ON_LINK);
  };
}

/** Whether an interface moves from this protocol to another of the same type: its adjacency ends here and starts there. */
function moves(before: Sections, after: Sections, protocol: string, name: string): boolean {
  const kind = (sections: Sections, of: string): string | undefined => sections.get(of)?.split(HEAD)[0];
  if (clauseFor(after, protocol, name) !== undefined) return false;
  return protocolsOf(after, 'ospf').some(
    (other) =>
      kind(after, other) === kind(before, protocol) &&
      clauseFor(after, other, name) !== undefined &&
      clauseFor(before, other, name) === undefined,
  );
}

export function gradeChange(before: Sections, after: Sections): Impact {
  const kernels = protocolsOf(before, 'kernel').filter((protocol) => before.get(protocol) !== after.get(protocol));
  if (kernels.some((protocol) => kernelGap(before, after, protocol))) return 'traffic-gap';
  const resets = resetsOf(before, after);
  const live = protocolsOf(before, 'ospf').filter((protocol) => after.has(protocol));
  const restarts = live.some((protocol) => {
    if (fixedPart(before, protocol) !== fixedPart(after, protocol)) return true;
    if (clauseNames(before, protocol).some((name) => moves(before, after, protocol, name))) return true;
    // a removed clause ends its own adjacency, as intended; names may replace a pattern, and a pattern may replace names
    return [...clauseNames(before, protocol), ...clauseNames(after, protocol)]
      .filter((name) => [before, after].every((sections) => clauseFor(sections, protocol, name) !== undefined))
      .some((name) => resets(protocol, name));
  });
  return restarts ? 'adjacency-reset' : 'none';
}
