// Own addresses: each a host of its network, inside the mesh, used once; tunnels' networks apart from each other.
import { contains, formatPrefix, lastOf, networkOf } from '../../net/ip.ts';
import type { Prefix } from '../../net/ip.ts';
import { nestedPrefixes, nextNetwork } from '../../net/overlap.ts';
import type { Draft } from '../draft.ts';
import { formatPath } from '../locate.ts';
import type { Problem } from '../problem.ts';
import { linksOf, meshPrefixes } from './links.ts';
import type { DraftLink } from './links.ts';

interface Addressed extends DraftLink {
  readonly address: Prefix;
}

const addressed = (links: readonly DraftLink[]): Addressed[] =>
  links.filter((link): link is Addressed => link.address !== undefined);

const at = ({ path }: DraftLink): Problem['path'] => [...path, 'address'];

/** Networks of a /31 (RFC 3021) and /32 have no address set apart. */
function hostOfNetwork(link: Addressed): Problem[] {
  const { address } = link;
  if (address.length > 30) return [];
  const net = networkOf(address);
  const role =
    address.address === net.address ? 'network' : address.address === lastOf(address) ? 'broadcast' : undefined;
  if (role === undefined) return [];
  const bytes = (role === 'network' ? net.address : lastOf(address)).split('.').map(Number);
  bytes[3] = (bytes[3] ?? 0) + (role === 'network' ? 1 : -1);
  return [
    {
      code: 'not-a-host',
      path: at(link),
      message: `${address.address} is the ${role} address of ${formatPrefix(net)}`,
      hint: `address: ${bytes.join('.')}/${address.length}`,
    },
  ];
}

function insideMesh(link: Addressed, mesh: readonly Prefix[]): Problem[] {
  if (mesh.some((p) => contains(p, link.address.address))) return [];
  return [
    {
      code: 'outside-mesh',
      path: at(link),
      message: `${link.address.address} lies in none of mesh.prefixes (${mesh.map(formatPrefix).join(', ')}): no guard would hold its traffic`,
      hint: `address: one of the mesh, or ${formatPrefix(networkOf(link.address))} in mesh.prefixes`,
    },
  ];
}

function usedTwice(links: readonly Addressed[]): Problem[] {
  const first = new Map<string, Addressed>();
  return links.flatMap((link): Problem[] => {
    const before = first.get(link.address.address);
    if (before === undefined) {
      first.set(link.address.address, link);
      return [];
    }
    return [
      {
        code: 'address-twice',
        path: at(link),
        message: `${link.address.address} is already the address of ${before.name}`,
        hint: 'address: one that no other interface of this router has',
      },
    ];
  });
}

/** A network of the same size that no tunnel of this file touches. */
function freeNetwork(p: Prefix, taken: readonly Prefix[]): string {
  let free = nextNetwork(p);
  for (let tries = 0; free !== undefined && tries < 64; tries++) {
    const candidate = free;
    if (!taken.some((t) => contains(t, candidate.address) || contains(candidate, t.address))) {
      return `, such as ${formatPrefix(networkOf(candidate))}`;
    }
    free = nextNetwork(free);
  }
  return '';
}

function tunnelsApart(links: readonly Addressed[]): Problem[] {
  const tunnels = links.filter((link) => link.tunnel);
  const networks = tunnels.map((link) => link.address);
  return nestedPrefixes(networks).flatMap(([a, b]): Problem[] => {
    const [before, link] = [tunnels[Math.min(a, b)], tunnels[Math.max(a, b)]];
    if (before === undefined || link === undefined || before.address.address === link.address.address) return [];
    const free = freeNetwork(link.address, networks);
    return [
      {
        code: 'tunnels-overlap',
        path: at(link),
        message: `${formatPrefix(link.address)} shares addresses with ${before.name} (${formatPrefix(before.address)})`,
        hint: `address: one from a network that this tunnel has for itself at both ends${free}`,
      },
    ];
  });
}

/** A /31 out of the site's /16 is usual; the very same network on both is two ways to one place. */
function tunnelIsNoSite(links: readonly Addressed[]): Problem[] {
  const sites = new Map(links.filter((l) => !l.tunnel).map((l) => [formatPrefix(networkOf(l.address)), l]));
  return links.flatMap((link): Problem[] => {
    const site = link.tunnel ? sites.get(formatPrefix(networkOf(link.address))) : undefined;
    if (site === undefined || site.address.address === link.address.address) return [];
    const net = formatPrefix(networkOf(link.address));
    return [
      {
        code: 'tunnels-overlap',
        path: at(link),
        message: `${net} is also the network of ${formatPath(site.path)}`,
        hint: 'address: one from a /31 or /30 that this tunnel has for itself',
      },
    ];
  });
}

export function addressChecks(draft: Draft): Problem[] {
  const links = addressed(linksOf(draft));
  const mesh = meshPrefixes(draft);
  return [
    ...links.flatMap(hostOfNetwork),
    ...(mesh === undefined ? [] : links.flatMap((link) => insideMesh(link, mesh))),
    ...usedTwice(links),
    ...tunnelsApart(links),
    ...tunnelIsNoSite(links),
  ];
}
