// Checks that neighbours are reachable over the link: without a route to a neighbour, its packets never arrive. Loose filtering
// (rp_filter 2) drops a hello whose source has no route (fib_validate_source), and the kernel refuses a route over a gateway
// that it cannot reach over the link (fib_check_nh).
import { contains, familyOf, formatPrefix, hostPrefix, networkOf, overlaps, type Prefix } from '../../net/ip.ts';
import type { Problem } from '../problem.ts';
import { addressOf, farOf, indexed, isHostOnly, type OspfLink, type Resolved } from '../resolve/types.ts';
import type { MeshSaid } from '../said.ts';

/** Whether OSPF for IPv4 uses IPv4 addresses: OSPFv3 uses link-local ones, which need no route. */
const speaksOspf4 = ({ ospf }: OspfLink): boolean => !ospf.model.stub && ospf.instance.ipv4 === 'v2';

/** In main, a VRF and a namespace the kernel itself makes the connected routes. */
const kernelConnects = (mesh: MeshSaid | undefined): boolean =>
  mesh?.table === 'main' || mesh?.isolation === 'vrf' || mesh?.isolation === 'netns';

/** The networks routed over the link: those listed, and those that follow from the addresses. */
function reached({ said }: Resolved, link: OspfLink, own: Prefix): Prefix[] {
  const listed = Object.hasOwn(link.said, 'routes') && !link.tunnel;
  const far = link.tunnel ? farOf(link, 4) : undefined;
  return [
    ...indexed(link.said.routes).map(({ prefix }) => prefix),
    ...(isHostOnly(own) || (listed && !kernelConnects(said.mesh)) ? [] : [networkOf(own)]),
    ...(far === undefined ? [] : [hostPrefix(far)]),
  ];
}

const isOwn = (prefix: Prefix, own: Prefix): boolean => prefix.length === 32 && prefix.address === own.address;

function fault(resolved: Resolved, link: OspfLink, own: Prefix): { who: string; cure: string } | undefined {
  const routes = reached(resolved, link, own).filter((p) => p.family === 4 && !isOwn(p, own));
  const named = (link.ospf.said.neighbors ?? []).flatMap((n) => (n !== undefined && familyOf(n) === 4 ? [n] : []));
  // a neighbour outside the network has its own message
  const right = named.filter((n) => n !== own.address && (isHostOnly(own) || contains(own, n)));
  const lost = right.find((n) => !routes.some((p) => contains(p, n)));
  if (lost !== undefined) return { who: lost, cure: `${lost}/32` };
  const known = routes.some((p) => isHostOnly(own) || overlaps(p, networkOf(own)));
  if (known) return undefined;
  if (isHostOnly(own)) return { who: 'the neighbour', cure: "the neighbour's address with /32" };
  return { who: `the routers of ${formatPrefix(networkOf(own))}`, cure: formatPrefix(networkOf(own)) };
}

/** For a tunnel with a host address, the file must name the far end. */
const farUnknown = ({ path }: OspfLink, own: Prefix): Problem => ({
  code: 'peer-address-missing',
  path: [...path, 'address'],
  message: `the far end cannot be derived from ${formatPrefix(own)}, and without a route to it the kernel drops its OSPF packets (rp_filter): no adjacency comes up`,
  hint: "a /31 or /30, or beside it peerAddress: with the far end's own address",
});

function ofLink(resolved: Resolved, link: OspfLink): Problem[] {
  const own = addressOf(link, 4);
  if (own === undefined || !speaksOspf4(link)) return [];
  const { routes = [] } = link.said;
  const far = link.tunnel && farOf(link, 4) === undefined;
  // peer-address.ts reports a larger network and ptmp; a route that could not be read has its own message
  if ((far && (!isHostOnly(own) || link.ospf.model.type === 'ptmp')) || indexed(routes).length < routes.length)
    return [];
  const found = fault(resolved, link, own);
  if (found === undefined) return [];
  if (far) return [farUnknown(link, own)];
  const wider = isHostOnly(own) ? ', or an address with the length of the network' : '';
  return [
    {
      code: 'neighbor-unreachable',
      // in main the router's own default route may lead there
      ...(resolved.said.mesh?.table === 'main' ? { severity: 'warning' as const } : {}),
      path: [...link.path, Object.hasOwn(link.said, 'routes') ? 'routes' : 'address'],
      message: `no route leads to ${found.who} over ${link.name}, so the kernel drops its OSPF packets (rp_filter): no adjacency comes up`,
      hint: `routes: [${[...indexed(routes).map(({ prefix }) => formatPrefix(prefix)), found.cure].join(', ')}]${wider}; or ospf: {stub: true} if no router is behind it`,
    },
  ];
}

/**
 * OSPFv3 announces next hops as IPv4 addresses, and BIRD looks for each in the networks of the link (ospf/rt.c: with a host address
 * only OSPFv2 accepts any next hop as on the link). So the adjacency is Full, but there is no route.
 */
function overV3(link: OspfLink): Problem[] {
  const { instance, model } = link.ospf;
  const own = link.addresses.find(({ prefix }) => prefix.family === 4);
  if (own === undefined || !isHostOnly(own.prefix) || model.stub || instance.ipv4 !== 'v3') return [];
  const message = `${formatPrefix(own.prefix)} is a single address, and OSPFv3 (${instance.path.join('.')}.ipv4) finds no IPv4 next hop there: no route is learned over ${link.name}`;
  return [
    {
      code: 'host-address-v3',
      path: own.path,
      message,
      hint: 'address: one of a /31 or /30; or ipv4: v2 in the whole mesh',
    },
  ];
}

export const neighborRouteChecks = (resolved: Resolved): Problem[] =>
  resolved.ospfLinks.flatMap((link) => [...ofLink(resolved, link), ...overV3(link)]);
