// Checks what OSPF needs to find its neighbours. BIRD silently ignores a neighbour that it cannot reach.
import { contains, familyOf, formatPrefix, lastOf, networkOf } from '../../net/ip.ts';
import { isLinkLocal } from '../../net/link-local.ts';
import type { Problem } from '../problem.ts';
import { timersOf } from '../resolve/resolve.ts';
import {
  addressOf,
  farOf,
  isHostOnly,
  type Link,
  type LinkOspf,
  type OspfLink,
  type Resolved,
} from '../resolve/types.ts';

function neighborFault(link: Link, neighbor: string): { message: string; hint: string } | undefined {
  const family = familyOf(neighbor);
  // OSPFv3 uses only link-local addresses (RFC 5340, 2.5)
  if (family === 6 && isLinkLocal(neighbor)) return undefined;
  if (family === 6) {
    const message = `${neighbor} is not a link-local address, and OSPFv3 uses only those`;
    return { message, hint: "the neighbour's address that starts with fe80:" };
  }
  const [address, far] = [addressOf(link, family), farOf(link, family)];
  if (address === undefined) return undefined;
  const other = far === undefined || far === neighbor ? `a router of ${formatPrefix(networkOf(address))}` : far;
  if (neighbor === address.address) return { message: `${neighbor} is this router itself`, hint: other };
  if (neighbor === far) return undefined;
  // BIRD accepts any neighbour on a link with a host address (proto/ospf/iface.c)
  if (isHostOnly(address)) return undefined;
  if (!contains(address, neighbor)) {
    return {
      message: `${neighbor} is outside ${formatPrefix(networkOf(address))}, the network of ${link.name}`,
      hint: other,
    };
  }
  if (address.length > 30 || (neighbor !== networkOf(address).address && neighbor !== lastOf(address)))
    return undefined;
  return {
    message: `${neighbor} is the network or broadcast address of ${formatPrefix(networkOf(address))}`,
    hint: other,
  };
}

function neighborChecks(link: Link, neighbors: readonly (string | undefined)[]): Problem[] {
  const seen = new Set<string>();
  return neighbors.flatMap((neighbor, i): Problem[] => {
    if (neighbor === undefined) return [];
    const path = [...link.path, 'ospf', 'neighbors', i];
    if (seen.has(neighbor))
      return [{ code: 'neighbor-twice', path, message: `${neighbor} is listed twice`, hint: 'each neighbour once' }];
    seen.add(neighbor);
    const fault = neighborFault(link, neighbor);
    return fault === undefined ? [] : [{ ...fault, code: 'bad-neighbor', path }];
  });
}

function typeChecks(link: OspfLink): Problem[] {
  const { path, said, model } = link.ospf;
  const { stub, type } = model;
  const named = said.neighbors !== undefined && said.neighbors.length > 0;
  if (stub && named) {
    const message = 'a stub link sends no hellos, so its neighbours have no effect';
    return [
      { code: 'stub-neighbors', path: [...path, 'neighbors'], message, hint: 'stub: true or neighbors, not both' },
    ];
  }
  const unicast = type === 'ptmp' || type === 'nbma';
  if (stub || !unicast || named) return [];
  // a ptmp link names the far end that follows from its address, and peerAddress has its own check
  if (said.neighbors === undefined && (link.far.length > 0 || link.tunnel || link.addresses.length === 0)) return [];
  return [
    {
      code: 'neighbors-missing',
      path: [...path, said.neighbors === undefined ? 'type' : 'neighbors'],
      message: `type ${type} sends hellos only to named neighbours, but none is named`,
      hint:
        link.far[0] === undefined
          ? `type: ptp; or neighbors: with the routers of ${link.addresses.map(({ prefix }) => formatPrefix(networkOf(prefix))).join(', ')}`
          : `neighbors: [${link.far[0]}], the routers at the other end; or type: ptp`,
    },
  ];
}

function timerChecks(ospf: LinkOspf): Problem[] {
  const { hello, dead } = timersOf(ospf);
  if (hello < dead) return [];
  return [
    {
      code: 'hello-dead',
      path: [...ospf.path, 'dead'],
      message: `dead ${dead} is not greater than hello ${hello}: the neighbour would be lost between two hellos`,
      hint: `dead: ${Math.min(65535, hello * 4)}, four times hello, at both ends`,
    },
  ];
}

export const ospfChecks = ({ ospfLinks }: Resolved): Problem[] =>
  ospfLinks.flatMap((link) => [
    ...neighborChecks(link, link.ospf.said.neighbors ?? []),
    ...typeChecks(link),
    ...timerChecks(link.ospf),
  ]);
