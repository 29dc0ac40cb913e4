// Networks reached directly over a link: inside the mesh, each over one link only.
import { contains, containsPrefix, formatPrefix, networkOf } from '../../net/ip.ts';
import type { Prefix } from '../../net/ip.ts';
import type { Draft } from '../draft.ts';
import type { Path } from '../locate.ts';
import type { Problem } from '../problem.ts';
import { indexed, linksOf, meshPrefixes } from './links.ts';
import type { DraftLink } from './links.ts';

interface Said {
  readonly link: DraftLink;
  readonly prefix: Prefix;
  /** where to blame: the route itself, or the address it follows from */
  readonly path: Path;
}

function routesOf(link: DraftLink): Said[] {
  const said = indexed(link.said.routes).map(({ index, prefix }) => ({
    link,
    prefix,
    path: [...link.path, 'routes', index],
  }));
  if (link.address === undefined || (!link.tunnel && Object.hasOwn(link.said, 'routes'))) return said;
  const own = networkOf(link.address);
  const listed = said.some(({ prefix }) => formatPrefix(prefix) === formatPrefix(own));
  return listed || link.address.length === 32
    ? said
    : [{ link, prefix: own, path: [...link.path, 'address'] }, ...said];
}

function outside({ link, prefix, path }: Said, mesh: readonly Prefix[]): Problem[] {
  if (mesh.some((p) => containsPrefix(p, prefix))) return [];
  // an address outside has its own message
  if (
    link.address !== undefined &&
    path.at(-1) === 'address' &&
    !mesh.some((p) => contains(p, link.address?.address ?? ''))
  )
    return [];
  const follows =
    path.at(-1) === 'address' ? `the network ${formatPrefix(prefix)} of this address` : formatPrefix(prefix);
  return [
    {
      code: 'route-outside-mesh',
      path,
      message: `${follows} does not lie in mesh.prefixes (${mesh.map(formatPrefix).join(', ')}): no guard would hold what goes there`,
      hint:
        prefix.length === 0
          ? 'the networks behind this link; a default route is learnt by OSPF'
          : path.at(-1) === 'address'
            ? 'routes: with the part of it that is mesh, or the whole network in mesh.prefixes'
            : `a network of the mesh, or ${formatPrefix(prefix)} in mesh.prefixes`,
    },
  ];
}

export function routeChecks(draft: Draft): Problem[] {
  const mesh = meshPrefixes(draft);
  const first = new Map<string, Said>();
  return linksOf(draft)
    .flatMap(routesOf)
    .flatMap((said): Problem[] => {
      const text = formatPrefix(said.prefix);
      const before = first.get(text);
      if (before === undefined) first.set(text, said);
      const apart = mesh === undefined || draft.mesh?.table === 'main' ? [] : outside(said, mesh);
      // two tunnels of one network have their own message
      if (before === undefined || (before.link.tunnel && said.link.tunnel && said.path.at(-1) === 'address'))
        return apart;
      if (said.link.tunnel !== before.link.tunnel && said.path.at(-1) === 'address') return apart;
      const same = before.link.name === said.link.name;
      return [
        ...apart,
        {
          code: 'route-twice',
          path: said.path,
          message: same
            ? `${text} is there twice`
            : `${text} is already reached over ${before.link.name}; the table holds one way to a network`,
          hint: same
            ? 'each network once'
            : `routes: [] here, or the part of ${text} that lies behind ${said.link.name}`,
        },
      ];
    });
}
