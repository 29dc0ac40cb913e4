// Networks reached directly over a link: inside the mesh, each over one link only.
import { contains, containsPrefix, formatPrefix, hostPrefix, networkOf } from '../../net/ip.ts';
import type { Prefix } from '../../net/ip.ts';
import type { Draft } from '../draft.ts';
import type { Problem } from '../problem.ts';
import { indexed, linksOf, meshPrefixes } from './links.ts';
import type { DraftLink } from './links.ts';

interface Route {
  readonly link: DraftLink;
  readonly prefix: Prefix;
  /** what it was written as: the index in `routes`, or the field that it follows from */
  readonly from: number | 'address' | 'peerAddress';
}

const pathOf = ({ link, from }: Route): Problem['path'] =>
  typeof from === 'number' ? [...link.path, 'routes', from] : [...link.path, from];

/** The route that follows from the addresses; a tunnel has it beside those that are listed, an interface in their place. */
function ownRoute(link: DraftLink): Route | undefined {
  if (link.address === undefined || (!link.tunnel && Object.hasOwn(link.said, 'routes'))) return undefined;
  if (!link.tunnel || link.address.length < 32) return { link, prefix: networkOf(link.address), from: 'address' };
  return link.far === undefined ? undefined : { link, prefix: hostPrefix(link.far), from: 'peerAddress' };
}

function routesOf(link: DraftLink): Route[] {
  const listed = indexed(link.said.routes).map(({ index, prefix }): Route => ({ link, prefix, from: index }));
  const own = ownRoute(link);
  if (own === undefined) return listed;
  const again = listed.some(({ prefix }) => formatPrefix(prefix) === formatPrefix(own.prefix));
  return again ? listed : [own, ...listed];
}

function outsideHint({ prefix, from }: Route): string {
  const text = formatPrefix(prefix);
  if (from === 'address') return 'routes: with the part of it that is mesh, or the whole network in mesh.prefixes';
  if (from === 'peerAddress') return `peerAddress: an address of the mesh, or ${text} in mesh.prefixes`;
  if (prefix.length === 0) return 'the networks behind this link; a default route is learnt by OSPF';
  return `a network of the mesh, or ${text} in mesh.prefixes`;
}

function outside(route: Route, mesh: readonly Prefix[]): Problem[] {
  const { link, prefix, from } = route;
  if (mesh.some((p) => containsPrefix(p, prefix))) return [];
  const own = link.address?.address ?? '';
  // an address that is itself outside has its own message
  if (from === 'address' && !mesh.some((p) => contains(p, own))) return [];
  const what = from === 'address' ? `the network ${formatPrefix(prefix)} of this address` : formatPrefix(prefix);
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
  if (from === 'address' && before.from !== 'address') {
    return `the routes of ${before.link.name} without ${formatPrefix(prefix)}, or another address here`;
  }
  if (link.tunnel) return 'routes: the networks that lie behind this tunnel alone';
  return `routes: [] here, or the part of ${formatPrefix(prefix)} that lies behind ${link.name}`;
}

function twice(route: Route, before: Route): Problem[] {
  // two links with the same network of their own: a tunnel's has a message of its own (addresses.ts)
  if (before.from === 'address' && route.from === 'address' && route.link.tunnel) return [];
  const text = formatPrefix(route.prefix);
  const same = before.link === route.link;
  return [
    {
      code: 'route-twice',
      path: pathOf(route),
      message: same
        ? `${text} is there twice`
        : `${text} is already reached over ${before.link.name}; the table holds one way to a network`,
      hint: twiceHint(route, before),
    },
  ];
}

export function routeChecks(draft: Draft): Problem[] {
  // in table main no guard stands, and the networks may be anybody's
  const mesh = draft.mesh?.table === 'main' ? undefined : meshPrefixes(draft);
  const first = new Map<string, Route>();
  return linksOf(draft)
    .flatMap(routesOf)
    .flatMap((route): Problem[] => {
      const text = formatPrefix(route.prefix);
      const before = first.get(text);
      if (before === undefined) first.set(text, route);
      return [
        ...(mesh === undefined ? [] : outside(route, mesh)),
        ...(before === undefined ? [] : twice(route, before)),
      ];
    });
}
