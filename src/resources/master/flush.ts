// Whether a VRF's table still has the routes that the kernel made of a link's addresses: the connected network, and the address
// itself. `ip route flush table 2` takes them along, and the kernel makes them again only as the link comes anew. Pure.
import type { AddressInfo, RouteInfo } from '../../host/types.ts';
import { formatPrefix, hostPrefix, networkOf } from '../../net/ip.ts';

/** IPv4 alone: an IPv6 address has its routes only once no other host answers for it. */
export function isWhole(
  link: string,
  table: number,
  addresses: readonly AddressInfo[],
  routes: readonly RouteInfo[],
): boolean {
  const there = new Set(
    routes.filter((r) => r.table === table && r.dev === link).map(({ type, dst }) => `${type} ${formatPrefix(dst)}`),
  );
  return addresses
    .filter(({ dev, prefix, peer }) => dev === link && prefix.family === 4 && peer === undefined)
    .every(({ prefix }) => {
      const connected = prefix.length === 32 || there.has(`unicast ${formatPrefix(networkOf(prefix))}`);
      return connected && there.has(`local ${formatPrefix(hostPrefix(prefix.address))}`);
    });
}
