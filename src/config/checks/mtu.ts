// IPv6 needs 1280 bytes (RFC 8200); the kernel takes every IPv6 address off a link with less.
import type { Draft } from '../draft.ts';
import type { Problem } from '../problem.ts';
import { indexed, linksOf } from './links.ts';

export function mtuChecks(draft: Draft): Problem[] {
  if (!indexed(draft.mesh?.prefixes).some((p) => p.prefix.family === 6)) return [];
  return linksOf(draft).flatMap(({ path, said: { mtu } }): Problem[] =>
    mtu === undefined || mtu >= 1280
      ? []
      : [
          {
            code: 'mtu-ipv6',
            path: [...path, 'mtu'],
            message: `mesh.prefixes holds IPv6, which needs an MTU of 1280 or more; here it is ${mtu}`,
            hint: 'mtu: 1280, at both ends',
          },
        ],
  );
}
