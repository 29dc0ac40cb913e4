// mesh.prefixes: guards stand around them, so they must hold the mesh and nothing else.
import { formatPrefix, overlaps, parsePrefix } from '../../net/ip.ts';
import type { Prefix } from '../../net/ip.ts';
import { nestedPrefixes } from '../../net/overlap.ts';
import type { Draft } from '../draft.ts';
import type { Problem } from '../problem.ts';
import { indexed, linksOf, meshPrefixes, speaksOspf6 } from './links.ts';

/** What no rule may send into a mesh (RFC 6890, RFC 5771, RFC 4291). */
const NEVER: readonly [string, string][] = [
  ['127.0.0.0/8', 'the loopback'],
  ['::1/128', 'the loopback'],
  ['169.254.0.0/16', 'link-local addresses'],
  ['fe80::/10', 'link-local addresses'],
  ['224.0.0.0/4', 'multicast, by which OSPF itself speaks'],
  ['ff00::/8', 'multicast'],
];

/** Why the network can be none of the mesh, with what to write instead. */
export function notAMesh(p: Prefix): { message: string; hint: string } | undefined {
  if (p.length === 0) {
    return {
      message: `${formatPrefix(p)} is everything: the router's own way to the internet would go into the mesh`,
      hint: 'the networks of the mesh alone, such as 10.69.0.0/16',
    };
  }
  const found = NEVER.find(([text]) => {
    const reserved = parsePrefix(text);
    return reserved !== undefined && overlaps(reserved, p);
  });
  if (found === undefined) return undefined;
  return {
    message: `${formatPrefix(p)} holds ${found[1]}${found[0] === formatPrefix(p) ? '' : ` (${found[0]})`}`,
    hint: 'the networks of the mesh alone, such as 10.69.0.0/16',
  };
}

/** The words of a cure, with ` or NETWORK in mesh.prefixes` behind them where the next check lets it in. */
export const orInMesh = (words: string, network: Prefix): string =>
  notAMesh(network) === undefined ? `${words}, or ${formatPrefix(network)} in mesh.prefixes` : words;

/** What OSPFv3 learns goes into the mesh table; without an IPv6 network of the mesh no rule leads there and no guard stands. */
function unguarded(draft: Draft): Problem[] {
  const mesh = draft.mesh?.table === 'main' ? undefined : meshPrefixes(draft);
  if (draft.bird?.ospf?.ipv6 !== true || mesh === undefined || mesh.some(({ family }) => family === 6)) return [];
  if (!linksOf(draft).some((link) => speaksOspf6(draft, link))) return [];
  const message = 'OSPF for IPv6 is on, but mesh.prefixes holds no IPv6 network: no guard would hold its traffic';
  return [
    {
      code: 'ipv6-no-prefix',
      path: ['bird', 'ospf', 'ipv6'],
      message,
      hint: 'the IPv6 networks of the mesh, such as fd70:89::/32, in mesh.prefixes',
    },
  ];
}

export function meshPrefixChecks(draft: Draft): Problem[] {
  const { mesh } = draft;
  const list = indexed(mesh?.prefixes);
  const reserved = list.flatMap(({ index, prefix }): Problem[] => {
    const fault = notAMesh(prefix);
    return fault === undefined ? [] : [{ ...fault, code: 'not-a-mesh', path: ['mesh', 'prefixes', index] }];
  });
  const nested = nestedPrefixes(list.map((p) => p.prefix)).flatMap(([outer, inner]): Problem[] => {
    const [a, b] = [list[outer], list[inner]];
    if (a === undefined || b === undefined || a.prefix.length === 0) return [];
    const same = a.prefix.length === b.prefix.length;
    const what = same ? 'is there twice' : `already lies in ${formatPrefix(a.prefix)}`;
    return [
      {
        code: same ? 'prefix-twice' : 'prefix-nested',
        severity: same ? 'error' : 'warning',
        path: ['mesh', 'prefixes', b.index],
        message: `${formatPrefix(b.prefix)} ${what}`,
        hint: 'the list without it',
      },
    ];
  });
  return [...reserved, ...nested, ...unguarded(draft)];
}
