// Checks mesh.prefixes: guards refuse packets by them, so they must contain exactly the mesh.
import { formatPrefix, overlaps, type Prefix } from '../../net/ip.ts';
import { nestedPrefixes } from '../../net/overlap.ts';
import type { Problem } from '../problem.ts';
import { indexed, type Resolved } from '../resolve/types.ts';

/** Networks that no rule may send into a mesh (RFC 6890, RFC 5771, RFC 4291). */
const NEVER: readonly (Prefix & { readonly what: string })[] = [
  { family: 4, address: '127.0.0.0', length: 8, what: 'the loopback' },
  { family: 6, address: '::1', length: 128, what: 'the loopback' },
  { family: 4, address: '169.254.0.0', length: 16, what: 'link-local addresses' },
  { family: 6, address: 'fe80::', length: 10, what: 'link-local addresses' },
  { family: 4, address: '224.0.0.0', length: 4, what: 'multicast, by which OSPF itself speaks' },
  { family: 6, address: 'ff00::', length: 8, what: 'multicast' },
];

/** Why the network cannot be one of the mesh, with the cure. */
export function notAMesh(p: Prefix): { message: string; hint: string } | undefined {
  if (p.length === 0) {
    return {
      message: `${formatPrefix(p)} covers all addresses: the router's own traffic to the internet would go into the mesh`,
      hint: 'only the networks of the mesh, such as 10.69.0.0/16',
    };
  }
  const found = NEVER.find((reserved) => overlaps(reserved, p));
  if (found === undefined) return undefined;
  const [text, reserved] = [p, found].map(formatPrefix);
  return {
    message: `${text} holds ${found.what}${text === reserved ? '' : ` (${reserved})`}`,
    hint: 'only the networks of the mesh, such as 10.69.0.0/16',
  };
}

/** The text of a cure, with `, or NETWORK in mesh.prefixes` added if the checks accept that network. */
export const orInMesh = (words: string, network: Prefix): string =>
  notAMesh(network) === undefined ? `${words}, or ${formatPrefix(network)} in mesh.prefixes` : words;

/** OSPFv3's routes go into the mesh table; without an IPv6 network of the mesh there is no lookup for it and no guard. */
function unguarded({ said, prefixes, ospfLinks }: Resolved): Problem[] {
  const mesh = said.mesh?.table === 'main' ? undefined : prefixes;
  if (said.bird?.ospf?.ipv6 !== true || mesh === undefined || mesh.some(({ family }) => family === 6)) return [];
  if (!ospfLinks.some(({ ospf }) => ospf.instance.v3)) return [];
  const message = 'OSPF for IPv6 is on, but mesh.prefixes has no IPv6 network: no guard would stop its traffic';
  return [
    {
      code: 'ipv6-no-prefix',
      path: ['bird', 'ospf', 'ipv6'],
      message,
      hint: 'the IPv6 networks of the mesh, such as fd70:89::/32, in mesh.prefixes',
    },
  ];
}

export function meshPrefixChecks(resolved: Resolved): Problem[] {
  const list = indexed(resolved.said.mesh?.prefixes);
  const reserved = list.flatMap(({ index, prefix }): Problem[] => {
    const fault = notAMesh(prefix);
    return fault === undefined ? [] : [{ ...fault, code: 'not-a-mesh', path: ['mesh', 'prefixes', index] }];
  });
  const nested = nestedPrefixes(list.map((p) => p.prefix)).flatMap(([outer, inner]): Problem[] => {
    const [a, b] = [list[outer], list[inner]];
    if (a === undefined || b === undefined || a.prefix.length === 0) return [];
    const same = a.prefix.length === b.prefix.length;
    const what = same ? 'is listed twice' : `is already inside ${formatPrefix(a.prefix)}`;
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
  return [...reserved, ...nested, ...unguarded(resolved)];
}
