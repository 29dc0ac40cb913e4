// Checks the MTU: IPv6 needs 1280 bytes (RFC 8200); the kernel removes all IPv6 addresses from a link with less.
import type { Problem } from '../problem.ts';
import { addressOf, indexed, type Link, type Resolved } from '../resolve/types.ts';

function why({ said }: Resolved, link: Link): string | undefined {
  if (addressOf(link, 6) !== undefined) return `${link.name} has an IPv6 address, which`;
  if (link.ospf?.instance.v3 === true) return `${link.name} speaks OSPFv3 over IPv6, which`;
  return indexed(said.mesh?.prefixes).some((p) => p.prefix.family === 6)
    ? 'mesh.prefixes holds IPv6, which'
    : undefined;
}

export function mtuChecks(resolved: Resolved): Problem[] {
  return resolved.links.flatMap((link): Problem[] => {
    const { mtu } = link.said;
    const who = mtu === undefined || mtu >= 1280 ? undefined : why(resolved, link);
    if (who === undefined) return [];
    const message = `${who} needs an MTU of 1280 or more; here it is ${String(mtu)}`;
    return [{ code: 'mtu-ipv6', path: [...link.path, 'mtu'], message, hint: 'mtu: 1280, at both ends' }];
  });
}
