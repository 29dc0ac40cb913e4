// The routes that the kernel makes of the addresses of a link (fib_add_ifaddr in net/ipv4/fib_frontend.c, addrconf_prefix_route,
// addrconf_f6i_alloc and addrconf_add_mroute in net/ipv6/addrconf.c), as far as the mesh cannot be without them: no broadcast
// and no anycast addresses. Pure.
import type { AddressInfo, RouteInfo } from '../../host/types.ts';
import { bitsOf, hostPrefix, networkOf, parsePrefix, type Prefix } from '../../net/ip.ts';
import { isLinkLocal } from '../../net/link-local.ts';
import { KERNEL_PROTOCOL, WGOSPF_PROTOCOL } from '../../net/names.ts';

/** IP6_RT_PRIO_ADDRCONF and IP6_RT_PRIO_USER of net/ip6_route.h */
const [ADDRCONF_METRIC, USER_METRIC] = [256, 1024];

const MULTICAST = parsePrefix('ff00::/8');

type Part = Pick<RouteInfo, 'type' | 'dst' | 'metric' | 'protocol'> & Pick<RouteInfo, 'src'>;

/** The far end of a point-to-point address is what its network is taken of. */
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
 * IPv4's goes with its address, whoever made it. IPv6's does not: an address knows its own by a pointer (ifp->rt), which the
 * flush made useless. So that one is ours.
 */
function local({ prefix: { address, family } }: AddressInfo): Part {
  const shared = { type: 'local', dst: hostPrefix(address) } as const;
  if (family === 6) return { ...shared, metric: USER_METRIC, protocol: WGOSPF_PROTOCOL };
  return { ...shared, metric: 0, protocol: KERNEL_PROTOCOL, src: address };
}

/** Without it no hello of OSPFv3 leaves, for it names no address of this host. */
const multicast = (addresses: readonly AddressInfo[]): Part[] =>
  MULTICAST !== undefined && addresses.some(({ prefix }) => prefix.family === 6)
    ? [{ type: 'multicast', dst: MULTICAST, metric: ADDRCONF_METRIC, protocol: KERNEL_PROTOCOL }]
    : [];

/**
 * @param table where the kernel puts them
 * @param whole a VRF's table, which has all of them; another has of the link-local addresses alone what is not ours anyway
 */
export function expectedRoutes(
  link: string,
  { addresses, table, whole }: { addresses: readonly AddressInfo[]; table: number; whole: boolean },
): RouteInfo[] {
  const of = addresses.filter(({ dev, prefix, peer }) => dev === link && !(prefix.family === 6 && peer !== undefined));
  // an address that is tentative has no routes as yet, and one with noprefixroute none of its own for its network
  const settled = of.filter(({ tentative, duplicate }) => tentative !== true && duplicate !== true);
  const networks = settled.filter(({ noPrefixRoute }) => noPrefixRoute !== true);
  const parts = whole
    ? [...settled.map(local), ...networks.flatMap(connected), ...multicast(settled)]
    : networks.filter(({ prefix }) => isLinkLocal(prefix.address)).flatMap(connected);
  return parts.map((part) => ({ ...part, table, dev: link, via: undefined }));
}
