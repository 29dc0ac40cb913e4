// The routes that the kernel makes for the addresses of a link (fib_add_ifaddr in net/ipv4/fib_frontend.c, addrconf_prefix_route,
// addrconf_f6i_alloc and addrconf_add_mroute in net/ipv6/addrconf.c), if the mesh needs them: not those of broadcast and anycast
// addresses. Pure.
import type { AddressInfo, RouteInfo } from '../../host/types.ts';
import { bitsOf, hostPrefix, networkOf, parsePrefix, type Prefix } from '../../net/ip.ts';
import { isLinkLocal } from '../../net/link-local.ts';
import { KERNEL_PROTOCOL, WGOSPF_PROTOCOL } from '../../net/names.ts';

/** IP6_RT_PRIO_ADDRCONF and IP6_RT_PRIO_USER of net/ip6_route.h */
const [ADDRCONF_METRIC, USER_METRIC] = [256, 1024];

const MULTICAST = parsePrefix('ff00::/8');

type Part = Pick<RouteInfo, 'type' | 'dst' | 'metric' | 'protocol'> & Pick<RouteInfo, 'src'>;

/** The network of a point-to-point address is that of its far end. */
const networkOfAddress = ({ prefix, peer }: AddressInfo): Prefix =>
  networkOf({ ...prefix, address: peer ?? prefix.address });

function connected(address: AddressInfo): Part[] {
  const { prefix, peer } = address;
  if (prefix.length === bitsOf(prefix.family) && peer === undefined) return [];
  const shared = { type: 'unicast', dst: networkOfAddress(address), protocol: KERNEL_PROTOCOL } as const;
  if (prefix.family === 6) return [{ ...shared, metric: ADDRCONF_METRIC }];
  return [{ ...shared, metric: 0, src: prefix.address }];
}

/**
 * The kernel deletes IPv4's with its address, whoever made it. It does not delete IPv6's: an address refers to its own route by a
 * pointer (ifp->rt), which the flush made invalid. So the IPv6 route that we make is marked as ours.
 */
function local({ prefix: { address, family } }: AddressInfo): Part {
  const shared = { type: 'local', dst: hostPrefix(address) } as const;
  if (family === 6) return { ...shared, metric: USER_METRIC, protocol: WGOSPF_PROTOCOL };
  return { ...shared, metric: 0, protocol: KERNEL_PROTOCOL, src: address };
}

/** OSPFv3 sends its hellos to a multicast address: without this route none leaves. */
const multicast = (addresses: readonly AddressInfo[]): Part[] =>
  MULTICAST !== undefined && addresses.some(({ prefix }) => prefix.family === 6)
    ? [{ type: 'multicast', dst: MULTICAST, metric: ADDRCONF_METRIC, protocol: KERNEL_PROTOCOL }]
    : [];

/**
 * @param table the table to which the kernel writes them
 * @param whole true for a VRF's table, which has all of them; another table has only the networks of the link-local addresses
 */
export function expectedRoutes(
  link: string,
  { addresses, table, whole }: { addresses: readonly AddressInfo[]; table: number; whole: boolean },
): RouteInfo[] {
  const of = addresses.filter(({ dev, prefix, peer }) => dev === link && !(prefix.family === 6 && peer !== undefined));
  // a tentative address has no routes yet, and an address with noprefixroute has no route of its network
  const settled = of.filter(({ tentative, duplicate }) => tentative !== true && duplicate !== true);
  const networks = settled.filter(({ noPrefixRoute }) => noPrefixRoute !== true);
  const parts = whole
    ? [...settled.map(local), ...networks.flatMap(connected), ...multicast(settled)]
    : networks.filter(({ prefix }) => isLinkLocal(prefix.address)).flatMap(connected);
  return parts.map((part) => ({ ...part, table, dev: link, via: undefined }));
}
