// Networks of a mesh interface that the state file does not name (an alias, keepalived's address). BIRD announces every network
// of its interfaces, but a mesh table of its own has routes only to the networks that the file names. Pure.
import type { Condition } from '../../engine/types.ts';
import type { AddressInfo } from '../../host/types.ts';
import type { OspfInterface, RouterModel } from '../../model/types.ts';
import { bitsOf, containsPrefix, formatPrefix, networkOf, type Prefix } from '../../net/ip.ts';
import { isLinkLocal } from '../../net/link-local.ts';
import { meshLinks, type MeshLink } from '../tags.ts';

/** In main, in a VRF's table and inside a namespace, the kernel makes the routes of all addresses. */
const kernelConnects = ({ mesh }: RouterModel): boolean => mesh.main || mesh.isolation !== 'table';

/** OSPFv2 announces only IPv4; OSPFv3 announces IPv6, or the family that it is configured to carry. */
function announces({ bird }: RouterModel, { instance: name }: OspfInterface, { family }: Prefix): boolean {
  return family === 4 || bird.instances.some((instance) => instance.name === name && instance.ipv6);
}

/** The cure as text for the file; a network outside of the mesh must not be in the mesh table. */
function cure(link: MeshLink, network: Prefix, { mesh }: RouterModel): string {
  const routes = `routes: [${[...link.routes, network].map(formatPrefix).join(', ')}] under ${link.source.path}`;
  if (mesh.prefixes.some((prefix) => containsPrefix(prefix, network))) return `write ${routes}`;
  return `take the address to an interface that is none of the mesh's, or write ${formatPrefix(network)} under mesh.prefixes and ${routes}`;
}

/** @param foreign addresses that are not ours */
export function announcedNetworks(model: RouterModel, foreign: readonly AddressInfo[]): Condition[] {
  if (kernelConnects(model)) return [];
  return meshLinks(model).flatMap((link) => {
    const { ospf } = link;
    if (ospf === undefined) return [];
    const others = foreign.filter(({ dev, prefix }) => {
      const network = networkOf(prefix);
      // a host address has no network beyond this host
      if (dev !== link.name || prefix.length === bitsOf(prefix.family) || isLinkLocal(prefix.address)) return false;
      return announces(model, ospf, prefix) && !link.routes.some((route) => containsPrefix(route, network));
    });
    const networks = new Map(others.map(({ prefix }) => [formatPrefix(networkOf(prefix)), prefix]));
    return [...networks].map(([text, prefix]): Condition => ({
      code: 'network-not-routed',
      severity: 'warning',
      subject: link.name,
      message:
        `${link.name} has ${formatPrefix(prefix)}, which the state file does not name: OSPF announces ${text} to the mesh, ` +
        `and table ${model.mesh.table.name} has no route to it, so what the mesh sends there is refused here; ` +
        cure(link, networkOf(prefix), model),
    }));
  });
}
