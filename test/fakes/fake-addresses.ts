// Addresses of the fake host with the routes that the kernel derives from them (fib_add_ifaddr, addrconf_prefix_route).
import type { AddressInfo, RouteInfo } from '../../src/host/types.ts';
import { formatPrefix, hostPrefix, lastOf, networkOf } from '../../src/net/ip.ts';
import type { FakeAddress, FakeLink, FakeState } from './fake-state.ts';
import { hostError, removeWhere } from './fake-state.ts';

const RT_MAIN = 254;
const RT_LOCAL = 255;
/** RTPROT_KERNEL */
const KERNEL = 2;
/** IP6_RT_PRIO_ADDRCONF */
const ADDRCONF_METRIC = 256;

const same = (a: RouteInfo, b: RouteInfo): boolean =>
  formatPrefix(a.dst) === formatPrefix(b.dst) &&
  (['table', 'type', 'metric', 'protocol', 'dev', 'via'] as const).every((field) => a[field] === b[field]);
const addOnce = (state: FakeState, route: RouteInfo): void => {
  if (!state.routes.some((r) => same(r, route))) state.routes.push(route);
};
const prefixOf = (a: AddressInfo): AddressInfo['prefix'] =>
  networkOf({ ...a.prefix, address: a.peer ?? a.prefix.address });
const operationOf = (verb: string, a: AddressInfo): string =>
  `${verb} address ${a.prefix.address}/${a.prefix.length} dev ${a.dev}`;

/** The routes of an address on an up link; on a down link only the `local` entry (IPv6: if it skips DAD). */
function derivedRoutes(a: FakeAddress, up: boolean, loopback: boolean, vrf: number | undefined): RouteInfo[] {
  const { family } = a.prefix;
  // l3mdev_fib_table: all of them in the VRF's only table
  const [MAIN, LOCAL] = vrf === undefined ? [RT_MAIN, RT_LOCAL] : [vrf, vrf];
  const base = { dev: a.dev, via: undefined, protocol: KERNEL, metric: 0 } as const;
  const local: RouteInfo = { ...base, table: LOCAL, type: 'local', dst: hostPrefix(a.prefix.address) };
  if (family === 6) {
    if (loopback) return [local];
    const network = { ...base, table: MAIN, type: 'unicast', dst: prefixOf(a), metric: ADDRCONF_METRIC } as const;
    return up ? [local, network] : [local];
  }
  if (loopback) return [local, { ...base, table: LOCAL, type: 'local', dst: prefixOf(a) }];
  const routes = [local];
  if (!up || a.secondary) return routes;
  if (a.prefix.length < 32 || a.peer !== undefined)
    routes.push({ ...base, table: MAIN, type: 'unicast', dst: prefixOf(a) });
  // RFC 3021: a /31 has no broadcast address
  if (a.prefix.length < 31)
    routes.push({ ...base, table: LOCAL, type: 'broadcast', dst: hostPrefix(lastOf(a.prefix)) });
  return routes;
}

/** The table of a link's VRF. */
const vrfTable = (state: FakeState, dev: string): number | undefined =>
  state.links.get(state.links.get(dev)?.master ?? '')?.table;

const isLoopback = (link: FakeLink): boolean => link.name === 'lo';

export const ipv6On = (state: FakeState, dev: string): boolean =>
  state.ipv6 && state.sysctls.get(`net.ipv6.conf.${dev.replaceAll('.', '/')}.disable_ipv6`) === '0';

export function addAddress(state: FakeState, address: AddressInfo): void {
  const operation = operationOf('add', address);
  const { dev, prefix } = address;
  if (prefix.family === 6 && !state.ipv6) throw hostError(operation, 'EOPNOTSUPP');
  const link = state.links.get(dev);
  if (link === undefined) throw hostError(operation, 'ENODEV');
  if (prefix.family === 6 && !ipv6On(state, dev))
    throw hostError(operation, 'EACCES', 'ipv6: IPv6 is disabled on this device.');
  const beside = state.addresses.filter((a) => a.dev === dev && a.prefix.family === prefix.family);
  // ipv6_chk_same_addr compares only the address, __inet_insert_ifa also its network
  const there = beside.some(
    (a) => a.prefix.address === prefix.address && (prefix.family === 6 || sameNetwork(a, address)),
  );
  if (there) throw hostError(operation, 'EEXIST', `ipv${prefix.family}: Address already assigned.`);
  const added = { ...address, secondary: prefix.family === 4 && beside.some((a) => sameNetwork(a, address)) };
  state.addresses.push(added);
  for (const route of derivedRoutes(added, link.up, isLoopback(link), vrfTable(state, dev))) addOnce(state, route);
}

const sameNetwork = (a: AddressInfo, b: AddressInfo): boolean =>
  a.prefix.length === b.prefix.length && prefixOf(a).address === prefixOf(b).address;

export function deleteAddress(state: FakeState, address: AddressInfo): void {
  const operation = operationOf('delete', address);
  const { dev, prefix } = address;
  if (!state.links.has(dev)) throw hostError(operation, 'ENODEV');
  const matches = (a: AddressInfo): boolean =>
    a.dev === dev && a.prefix.address === prefix.address && sameNetwork(a, address);
  const gone = removeWhere(state.addresses, matches);
  if (gone[0] === undefined) throw hostError(operation, 'EADDRNOTAVAIL');
  if (prefix.family === 4 && !gone[0].secondary) gone.push(...secondariesGone(state, gone[0]));
  dropDerived(state, gone);
  // fib_inetaddr_event: with the last IPv4 address every route over the link is removed
  const left = state.addresses.some((a) => a.dev === dev && a.prefix.family === 4);
  if (prefix.family === 4 && !left) removeWhere(state.routes, (r) => r.dev === dev && r.dst.family === 4);
}

/**
 * When the first address of a network is removed, so are the others (the kernel's default), unless promote_secondaries makes
 * the next one the first (__inet_del_ifa).
 */
function secondariesGone(state: FakeState, primary: FakeAddress): FakeAddress[] {
  const behind = (a: FakeAddress): boolean => a.dev === primary.dev && a.secondary && sameNetwork(a, primary);
  const promotes = ['all', primary.dev].some((link) => state.sysctls.get(promote(link)) === '1');
  if (!promotes) return removeWhere(state.addresses, behind);
  const next = state.addresses.find(behind);
  if (next !== undefined) {
    next.secondary = false;
    for (const route of derivedRoutes(next, state.links.get(next.dev)?.up === true, false, vrfTable(state, next.dev)))
      addOnce(state, route);
  }
  return [];
}

const promote = (link: string): string => `net.ipv4.conf.${link.replaceAll('.', '/')}.promote_secondaries`;

function dropDerived(state: FakeState, gone: readonly FakeAddress[]): void {
  const of = (list: readonly FakeAddress[]): RouteInfo[] =>
    list.flatMap((a) => derivedRoutes(a, true, a.dev === 'lo', vrfTable(state, a.dev)));
  const kept = of(state.addresses);
  const dropped = of(gone).filter((r) => !kept.some((k) => same(k, r)));
  removeWhere(state.routes, (r) => dropped.some((d) => same(d, r)));
}

/** Always the same for a name, like a stable-privacy address. */
const linkLocal = (name: string): string =>
  `fe80::${Buffer.from(name)
    .reduce((sum, byte) => (sum * 31 + byte) % 0xffff, 1)
    .toString(16)}`;

/** IN6_ADDR_GEN_MODE_NONE; WireGuard's own links switch to it when they go up (wg_open) */
const NO_ADDRESS = '1';

function makesLinkLocal(state: FakeState, { name, kind }: FakeLink): boolean {
  const mode = `net.ipv6.conf.${name.replaceAll('.', '/')}.addr_gen_mode`;
  if (kind === 'wireguard') state.sysctls.set(mode, NO_ADDRESS);
  return state.sysctls.get(mode) !== NO_ADDRESS;
}

/** Adds the link-local address, the multicast route and all connected routes of an IPv6 link. */
export function addressesCameUp(state: FakeState, link: FakeLink): void {
  if (ipv6On(state, link.name) && !isLoopback(link) && link.mtu >= 1280) {
    const prefix = { family: 6, address: linkLocal(link.name), length: 64 } as const;
    const there = state.addresses.some((a) => a.dev === link.name && a.prefix.address === prefix.address);
    // IFAPROT_KERNEL_LL
    if (makesLinkLocal(state, link) && !there)
      addAddress(state, { dev: link.name, prefix, peer: undefined, protocol: 3 });
    const all = { family: 6, address: 'ff00::', length: 8 } as const;
    addOnce(state, {
      table: vrfTable(state, link.name) ?? RT_LOCAL,
      type: 'multicast',
      dst: all,
      metric: 256,
      protocol: KERNEL,
      dev: link.name,
      via: undefined,
    });
  }
  for (const address of state.addresses.filter((a) => a.dev === link.name)) {
    for (const route of derivedRoutes(address, true, isLoopback(link), vrfTable(state, link.name)))
      addOnce(state, route);
  }
}

/** @param keep addresses that are not link-local stay (addrconf_ifdown) */
export function dropFamily6(state: FakeState, dev: string, keep = false): void {
  removeWhere(state.routes, (r) => r.dev === dev && r.dst.family === 6);
  removeWhere(
    state.addresses,
    ({ dev: on, prefix }) => on === dev && prefix.family === 6 && !(keep && !prefix.address.startsWith('fe80:')),
  );
}
