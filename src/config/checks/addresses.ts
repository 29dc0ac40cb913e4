// Checks own addresses: each is a host of its network, inside the mesh, unique, one per family; networks of tunnels are disjoint.
import { addressBytes, addressFromBytes, contains, formatPrefix, lastOf, networkOf } from '../../net/ip.ts';
import type { Prefix } from '../../net/ip.ts';
import { isLinkLocal } from '../../net/link-local.ts';
import { nestedPrefixes, nextNetwork } from '../../net/overlap.ts';
import type { FreeExample } from '../free-example.ts';
import { formatPath } from '../locate.ts';
import type { Problem } from '../problem.ts';
import type { Link, OwnAddress, Resolved } from '../resolve/types.ts';
import { orInMesh } from './mesh-prefixes.ts';

/** One own address of one link. */
interface Own extends OwnAddress {
  readonly link: Link;
}

/** The neighbour of an address: `step` 1 for the next one, -1 for the one before. */
function beside(address: string, step: 1 | -1): string {
  const bytes = addressBytes(address);
  const last = bytes.length - 1;
  for (let at = last; at >= 0; at--) {
    const sum = (bytes[at] ?? 0) + step;
    bytes[at] = sum & 0xff;
    if (sum >= 0 && sum <= 0xff) break;
  }
  return addressFromBytes(bytes);
}

/** The nearest address that is free in this file, including the tunnels' far ends. No other cure of the file names it again. */
function freeHost(prefix: Prefix, step: 1 | -1, taken: Set<string>): string {
  const nearest = beside(prefix.address, step);
  let host = nearest;
  for (let tries = 0; taken.has(host) && tries < 256; tries++) host = beside(host, step);
  const free = contains(prefix, host) && !taken.has(host) ? host : nearest;
  taken.add(free);
  return free;
}

/**
 * A /31 (RFC 3021), a /127 (RFC 6164) and a host address have no reserved addresses. The first address of a larger IPv6 network
 * belongs to all of its routers (RFC 4291, 2.6.1); IPv6 has no broadcast.
 */
function hostOfNetwork({ prefix, path }: Own, taken: Set<string>): Problem[] {
  const { family, address, length } = prefix;
  if (length > (family === 4 ? 30 : 126)) return [];
  const net = networkOf(prefix);
  const first = address === net.address;
  if (!first && (family === 6 || address !== lastOf(prefix))) return [];
  const role = !first ? 'broadcast' : family === 4 ? 'network' : 'subnet-router anycast';
  return [
    {
      code: 'not-a-host',
      path,
      message: `${address} is the ${role} address of ${formatPrefix(net)}`,
      hint: `address: ${freeHost(prefix, first ? 1 : -1, taken)}/${length}`,
    },
  ];
}

function linkLocal({ link, prefix, path }: Own): Problem[] {
  if (!isLinkLocal(prefix.address)) return [];
  const who = link.tunnel ? 'wgospf derives one from the public key' : 'the kernel makes one by itself';
  const message = `${prefix.address} is a link-local address: ${who}`;
  return [
    { code: 'link-local', path, message, hint: 'address: only those that the mesh knows, such as fd70:89::1/127' },
  ];
}

function insideMesh({ prefix, path }: Own, mesh: readonly Prefix[]): Problem[] {
  if (isLinkLocal(prefix.address) || mesh.some((p) => contains(p, prefix.address))) return [];
  return [
    {
      code: 'outside-mesh',
      path,
      message: `${prefix.address} is not inside mesh.prefixes (${mesh.map(formatPrefix).join(', ')}): no guard would stop its traffic`,
      hint: orInMesh(`address: one of ${mesh.map(formatPrefix).join(' or ')}`, networkOf(prefix)),
    },
  ];
}

/** Reports a link without an address: only OSPFv3 needs none but the link-local one, which every tunnel can have. */
function lacking(link: Link, free: FreeExample): Problem[] {
  const { addresses, path, ospf } = link;
  // an address that could not be read, or under a misspelt key, has its own message
  if (!link.whole) return [];
  if (addresses.length === 0 && link.tunnel && ospf?.instance.v3 !== true) {
    const message = `\`${formatPath(path)}\` lacks \`address\`; only a tunnel with OSPF for IPv6 can omit it`;
    return [{ code: 'missing-key', path, message, hint: `address: ${free([...path, 'address'], '10.70.89.0/31')}` }];
  }
  if (addresses.length === 0 || addresses.some(({ prefix }) => prefix.family === 4)) return [];
  if (ospf === undefined || ospf.instance.v3) return [];
  const message = `${link.name} has no IPv4 address, and OSPF for IPv6 is off: no adjacency comes up over it`;
  return [
    {
      code: 'ospf-no-address',
      path: [...path, 'address'],
      message,
      hint: 'ipv6: true under `bird.ospf`, or ospf: false here',
    },
  ];
}

function oneOfAFamily({ addresses }: Link): Problem[] {
  return addresses.flatMap(({ prefix, path }, i): Problem[] => {
    const before = addresses.slice(0, i).find((a) => a.prefix.family === prefix.family)?.prefix;
    if (before === undefined) return [];
    const message = `${formatPrefix(before)} is an IPv${prefix.family} address already; a link has one of each family`;
    const hint = `address: ${formatPrefix(before)}, or another link for ${formatPrefix(prefix)}`;
    return [{ code: 'address-family', path, message, hint }];
  });
}

function usedTwice(owns: readonly Own[]): Problem[] {
  const first = new Map<string, Own>();
  return owns.flatMap((own): Problem[] => {
    const { address } = own.prefix;
    const before = first.get(address);
    if (before === undefined) {
      first.set(address, own);
      return [];
    }
    // a duplicate on one link is reported as too many of its family
    if (before.link === own.link) return [];
    return [
      {
        code: 'address-twice',
        path: own.path,
        message: `${address} is already the address of ${before.link.name}`,
        hint: 'address: one that no other interface of this router has',
      },
    ];
  });
}

interface Room {
  /** networks of all links, and those that earlier cures of this file named */
  readonly taken: Prefix[];
  /** undefined if it is unknown which networks are outside */
  readonly mesh: readonly Prefix[] | undefined;
}

/** A network of the same size, in the mesh, that overlaps no link of this file. */
function freeNetwork(p: Prefix, { taken, mesh }: Room): string {
  // a tunnel's network may be inside the network of a site, but must not contain the router's own address there
  const others = taken.map((t) => (t.length < 24 ? { ...t, length: t.family === 4 ? 32 : 128 } : t));
  let free = nextNetwork(p);
  for (let tries = 0; free !== undefined && tries < 64; tries++) {
    const candidate = networkOf(free);
    const inside = mesh?.some((around) => contains(around, candidate.address)) ?? true;
    if (inside && !others.some((t) => contains(t, candidate.address) || contains(candidate, t.address))) {
      taken.push(candidate);
      return `, such as ${formatPrefix(candidate)}`;
    }
    free = nextNetwork(free);
  }
  return '';
}

function tunnelsApart(owns: readonly Own[], mesh: readonly Prefix[] | undefined): Problem[] {
  const tunnels = owns.filter(({ link }) => link.tunnel);
  const networks = tunnels.map(({ prefix }) => prefix);
  const room = { taken: owns.map(({ prefix }) => prefix), mesh };
  return nestedPrefixes(networks).flatMap(([a, b]): Problem[] => {
    const [before, own] = [tunnels[Math.min(a, b)], tunnels[Math.max(a, b)]];
    if (before === undefined || own === undefined || before.link === own.link) return [];
    if (before.prefix.address === own.prefix.address) return [];
    const free = freeNetwork(own.prefix, room);
    return [
      {
        code: 'tunnels-overlap',
        path: own.path,
        message: `${formatPrefix(own.prefix)} shares addresses with ${before.link.name} (${formatPrefix(before.prefix)})`,
        hint: `address: one from a network that this tunnel has for itself at both ends${free}`,
      },
    ];
  });
}

/** A tunnel's /31 inside the site's /16 is usual; the same network on both means two routes to one network. */
function tunnelIsNoSite(owns: readonly Own[]): Problem[] {
  const net = ({ prefix }: Own): string => formatPrefix(networkOf(prefix));
  const sites = new Map(owns.filter(({ link }) => !link.tunnel).map((own) => [net(own), own]));
  return owns.flatMap((own): Problem[] => {
    const site = own.link.tunnel ? sites.get(net(own)) : undefined;
    if (site === undefined || site.prefix.address === own.prefix.address) return [];
    return [
      {
        code: 'tunnels-overlap',
        path: own.path,
        message: `${net(own)} is also the network of ${formatPath(site.link.path)}`,
        hint: `address: one from a ${own.prefix.family === 4 ? '/31 or /30' : '/127'} that this tunnel has for itself`,
      },
    ];
  });
}

export function addressChecks({ links, prefixes: mesh, free: examples }: Resolved): Problem[] {
  const owns = links.flatMap((link) => link.addresses.map((address): Own => ({ ...address, link })));
  const global = owns.filter(({ prefix }) => !isLinkLocal(prefix.address));
  const taken = new Set([...owns.map(({ prefix }) => prefix.address), ...links.flatMap(({ far }) => far)]);
  let examplesHere: FreeExample | undefined;
  const free: FreeExample = (path, example) => (examplesHere ??= examples())(path, example);
  return [
    ...links.flatMap((link) => lacking(link, free)),
    ...owns.flatMap(linkLocal),
    ...global.flatMap((own) => hostOfNetwork(own, taken)),
    ...(mesh === undefined ? [] : global.flatMap((own) => insideMesh(own, mesh))),
    ...links.flatMap(oneOfAFamily),
    ...usedTwice(global),
    ...tunnelsApart(global, mesh),
    ...tunnelIsNoSite(global),
  ];
}
