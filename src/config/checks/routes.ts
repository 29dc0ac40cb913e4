// Checks the networks directly reachable over a link: each is inside the mesh, and on only one link.
import { contains, containsPrefix, formatPrefix, hostPrefix, networkOf } from '../../net/ip.ts';
import type { Prefix } from '../../net/ip.ts';
import type { Problem } from '../problem.ts';
import { farOf, indexed, isHostOnly, type Link, type OwnAddress, type Resolved } from '../resolve/types.ts';
import { orInMesh } from './mesh-prefixes.ts';

interface Route {
  readonly link: Link;
  readonly prefix: Prefix;
  /** its origin in the file: the index in `routes`, or the field from which it follows */
  readonly from: number | OwnAddress | 'peerAddress';
}

const pathOf = ({ link, from }: Route): Problem['path'] =>
  typeof from === 'number' ? [...link.path, 'routes', from] : from === 'peerAddress' ? [...link.path, from] : from.path;

/** The routes that follow from the addresses; a tunnel has them besides the listed ones, an interface only if none are listed. */
function ownRoutes(link: Link): Route[] {
  if (!link.tunnel && Object.hasOwn(link.said, 'routes')) return [];
  return link.addresses.flatMap((own): Route[] => {
    if (!link.tunnel || !isHostOnly(own.prefix)) return [{ link, prefix: networkOf(own.prefix), from: own }];
    const far = farOf(link, own.prefix.family);
    return far === undefined ? [] : [{ link, prefix: hostPrefix(far), from: 'peerAddress' }];
  });
}

function routesOf(link: Link): Route[] {
  const listed = indexed(link.said.routes).map(({ index, prefix }): Route => ({ link, prefix, from: index }));
  const again = new Set(listed.map(({ prefix }) => formatPrefix(prefix)));
  return [...ownRoutes(link).filter(({ prefix }) => !again.has(formatPrefix(prefix))), ...listed];
}

const isOwn = (from: Route['from']): from is OwnAddress => typeof from === 'object';

function outsideHint({ prefix, from }: Route): string {
  if (isOwn(from)) return orInMesh('routes: with the part of it that is mesh', prefix);
  if (from === 'peerAddress') return orInMesh('peerAddress: an address of the mesh', prefix);
  if (prefix.length === 0) return 'the networks behind this link; a default route is learnt by OSPF';
  return orInMesh('a network of the mesh', prefix);
}

function outside(route: Route, mesh: readonly Prefix[]): Problem[] {
  const { prefix, from } = route;
  if (mesh.some((p) => containsPrefix(p, prefix))) return [];
  // an address outside the mesh has its own message
  if (isOwn(from) && !mesh.some((p) => contains(p, from.prefix.address))) return [];
  const what = isOwn(from) ? `the network ${formatPrefix(prefix)} of this address` : formatPrefix(prefix);
  const known = mesh.map(formatPrefix).join(', ');
  return [
    {
      code: 'route-outside-mesh',
      path: pathOf(route),
      message: `${what} does not lie in mesh.prefixes (${known}): no guard would hold what goes there`,
      hint: outsideHint(route),
    },
  ];
}

function twiceHint({ prefix, from, link }: Route, before: Route): string {
  if (before.link === link) return 'each network once';
  if (from === 'peerAddress') return "peerAddress: the far end's own address, which no other tunnel has";
  if (isOwn(from) && !isOwn(before.from)) {
    return `the routes of ${before.link.name} without ${formatPrefix(prefix)}, or another address here`;
  }
  if (link.tunnel) return 'routes: the networks that lie behind this tunnel alone';
  return `routes: with the part of ${formatPrefix(prefix)} that lies behind ${link.name} alone, or an address of another network`;
}

function twice(route: Route, before: Route): Problem[] {
  // two links with the same network: for a tunnel, addresses.ts has the message
  if (isOwn(before.from) && isOwn(route.from) && route.link.tunnel) return [];
  const text = formatPrefix(route.prefix);
  const same = before.link === route.link;
  return [
    {
      code: 'route-twice',
      path: pathOf(route),
      message: same
        ? `${text} is listed twice`
        : `${text} is already reached over ${before.link.name}; the table holds one way to a network`,
      hint: twiceHint(route, before),
    },
  ];
}

export function routeChecks({ said, prefixes, links }: Resolved): Problem[] {
  // in table main there are no guards, and a network may be outside the mesh
  const mesh = said.mesh?.table === 'main' ? undefined : prefixes;
  const first = new Map<string, Route>();
  return links.flatMap(routesOf).flatMap((route): Problem[] => {
    const text = formatPrefix(route.prefix);
    const before = first.get(text);
    if (before === undefined) first.set(text, route);
    return [...(mesh === undefined ? [] : outside(route, mesh)), ...(before === undefined ? [] : twice(route, before))];
  });
}
