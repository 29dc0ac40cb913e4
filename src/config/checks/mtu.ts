// IPv6 needs 1280 bytes (RFC 8200); the kernel takes every IPv6 address off a link with less.
import type { Draft } from '../draft.ts';
import type { Problem } from '../problem.ts';
import { addressOf, indexed, linksOf, speaksOspf6 } from './links.ts';
import type { DraftLink } from './links.ts';

function why(draft: Draft, link: DraftLink): string | undefined {
  if (addressOf(link, 6) !== undefined) return `${link.name} has an IPv6 address, which`;
  if (speaksOspf6(draft, link)) return `${link.name} speaks OSPFv3 over IPv6, which`;
  return indexed(draft.mesh?.prefixes).some((p) => p.prefix.family === 6)
    ? 'mesh.prefixes holds IPv6, which'
    : undefined;
}

export function mtuChecks(draft: Draft): Problem[] {
  return linksOf(draft).flatMap((link): Problem[] => {
    const { mtu } = link.said;
    const who = mtu === undefined || mtu >= 1280 ? undefined : why(draft, link);
    if (who === undefined) return [];
    const message = `${who} needs an MTU of 1280 or more; here it is ${String(mtu)}`;
    return [{ code: 'mtu-ipv6', path: [...link.path, 'mtu'], message, hint: 'mtu: 1280, at both ends' }];
  });
}
