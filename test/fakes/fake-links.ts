// Links of the fake host: what appears and disappears with a link, as in net/core/dev.c, devinet.c and addrconf.c.
import type { LinkChange } from '../../src/host/types.ts';
import type { FakeLink, FakeState } from './fake-state.ts';
import { setMaster, vrfGone, vrfMade } from './fake-vrf.ts';
import { hostError, placesOf, removeWhere } from './fake-state.ts';
import { addSysctlsOf, dropSysctlsOf } from './fake-sysctl.ts';
import { addAddress, addressesCameUp, dropFamily6 } from './fake-addresses.ts';

/** RT_TABLE_LOCAL */
const LOCAL = 255;
/** IPV6_MIN_MTU; a smaller MTU removes IPv6 from the link (addrconf_notify) */
const IPV6_MIN_MTU = 1280;
const defaultMtu: Readonly<Record<string, number>> = { wireguard: 1420, tun: 1420, loopback: 65536, vrf: 65575 };

export interface FakeLinkInit {
  name: string;
  kind: string;
  alias?: string;
  mtu?: number | undefined;
  table?: number;
}

export function requireLink(state: FakeState, name: string, operation: string): FakeLink {
  const link = state.links.get(name);
  if (link === undefined) throw hostError(operation, 'ENODEV');
  return link;
}

export function addLink(state: FakeState, { name, kind, alias = '', mtu, table }: FakeLinkInit): FakeLink {
  const operation = `add link ${name}`;
  if (state.links.has(name)) throw hostError(operation, 'EEXIST');
  if (kind === 'wireguard' && !state.kernelWireguard) throw hostError(operation, 'EOPNOTSUPP', 'Unknown device type');
  if (kind === 'vrf' && !state.vrf) throw hostError(operation, 'EOPNOTSUPP', 'Unknown device type');
  if (kind === 'vrf' && table === undefined) throw hostError(operation, 'EINVAL', 'VRF table id is missing');
  const link: FakeLink = {
    index: state.nextIndex++,
    name,
    kind,
    up: false,
    mtu: mtu ?? defaultMtu[kind] ?? 1500,
    alias,
    master: '',
  };
  if (table !== undefined) link.table = table;
  if (kind === 'vrf') vrfMade(state);
  state.links.set(name, link);
  addSysctlsOf(state, name);
  if (kind === 'wireguard') state.wg.set(name, { publicKey: '', listenPort: 0, fwmark: 0, peers: new Map() });
  return link;
}

export function addVethPair(state: FakeState, name: string, peer: string): void {
  if (state.links.has(peer)) throw hostError(`add link ${peer}`, 'EEXIST');
  const link = addLink(state, { name, kind: 'veth' });
  const other = addLink(state, { name: peer, kind: 'veth' });
  link.pair = peer;
  other.pair = name;
}

/** @param from its current namespace */
export function setLink(from: FakeState, name: string, change: LinkChange): void {
  const link = requireLink(from, name, `set link ${name}`);
  const state = change.netns === undefined ? from : moveLink(from, link, change.netns);
  if (change.mtu !== undefined) {
    // dev_validate_mtu
    if (change.mtu < 68)
      throw hostError(`set link ${name} mtu ${change.mtu}`, 'EINVAL', 'mtu less than device minimum');
    link.mtu = change.mtu;
    if (change.mtu < IPV6_MIN_MTU) dropFamily6(state, name);
  }
  if (change.alias !== undefined) link.alias = change.alias;
  if (change.master !== undefined) setMaster(state, link, change.master);
  if (change.up === true && !link.up) bringUp(state, link);
  if (change.up === false && link.up) takeDown(state, link);
}

function bringUp(state: FakeState, link: FakeLink): void {
  // wg_socket_init runs at ndo_open: the port must be free among the links that are up
  const port = state.wg.get(link.name)?.listenPort ?? 0;
  if (port !== 0 && isPortTaken(state, link.name, port)) throw hostError(`set link ${link.name} up`, 'EADDRINUSE');
  link.up = true;
  if (link.name === 'lo') addLoopbackAddresses(state);
  addressesCameUp(state, link);
}

/** The socket is where the link was made, which is outside for all of them. */
export const isPortTaken = (state: FakeState, dev: string, port: number): boolean =>
  placesOf(state).some((place) =>
    [...place.wg].some(
      ([name, { listenPort }]) =>
        (place !== state || name !== dev) && listenPort === port && place.links.get(name)?.up === true,
    ),
  );

/** lo gets 127.0.0.1 and ::1 when it goes up for the first time (inetdev_event, init_loopback); IFAPROT_KERNEL_LO */
function addLoopbackAddresses(state: FakeState): void {
  if (state.addresses.some(({ dev }) => dev === 'lo')) return;
  const own = [
    { family: 4, address: '127.0.0.1', length: 8 } as const,
    { family: 6, address: '::1', length: 128 } as const,
  ];
  for (const prefix of own.slice(0, state.ipv6 ? 2 : 1))
    addAddress(state, { dev: 'lo', prefix, peer: undefined, protocol: 1 });
}

/** fib_disable_ip keeps the `local` entries; rt6_disable_ip keeps nothing, addrconf_ifdown what keep_addr_on_down keeps. */
function takeDown(state: FakeState, link: FakeLink): void {
  link.up = false;
  removeWhere(
    state.routes,
    (r) => r.dev === link.name && r.dst.family === 4 && !(r.table === LOCAL && r.type === 'local'),
  );
  dropFamily6(
    state,
    link.name,
    state.sysctls.get(`net.ipv6.conf.${link.name.replaceAll('.', '/')}.keep_addr_on_down`) === '1',
  );
}

export function deleteLink(state: FakeState, name: string): void {
  const link = requireLink(state, name, `delete link ${name}`);
  if (link.kind === 'loopback' || link.kind === '') throw hostError(`delete link ${name}`, 'EOPNOTSUPP');
  vrfGone(state, name);
  dropLink(state, name);
  const farPlace = placesOf(state).find(({ links }) => links.get(link.pair ?? '')?.pair === name);
  if (farPlace !== undefined) dropLink(farPlace, link.pair ?? '');
}

/** Removes a link with everything on it, also its wireguard-go, which ends when its tun device is deleted. */
function dropLink(state: FakeState, name: string): void {
  removeWhere(state.addresses, (a) => a.dev === name);
  removeWhere(state.routes, (r) => r.dev === name || r.hops?.every((hop) => hop.dev === name) === true);
  dropSysctlsOf(state, name);
  state.wg.delete(name);
  state.userspace.delete(name);
  state.links.delete(name);
}

/** __dev_change_net_namespace: closed, unlisted, its addresses and settings left behind; returns its new namespace. */
function moveLink(from: FakeState, link: FakeLink, netns: string): FakeState {
  const operation = `set link ${link.name} netns ${netns}`;
  const to = netns === '' ? from.outside : from.namespaces.get(netns);
  if (to === undefined) throw hostError(operation, netns === '' ? 'EINVAL' : 'ENOENT');
  // NETIF_F_NETNS_LOCAL
  if (link.name === 'lo' || link.kind === 'vrf' || link.kind === 'bridge') throw hostError(operation, 'EINVAL');
  if (to === from) return to;
  if (to.links.has(link.name)) throw hostError(operation, 'EEXIST');
  const { name } = link;
  const device = from.wg.get(name);
  const isUserspace = from.userspace.has(name);
  dropLink(from, name);
  // the index stays if it is free (dev_index_reserve)
  const isIndexFree = [...to.links.values()].every(({ index }) => index !== link.index);
  link.index = isIndexFree ? link.index : to.nextIndex;
  to.nextIndex = Math.max(to.nextIndex, link.index + 1);
  link.up = false;
  link.master = '';
  to.links.set(name, link);
  addSysctlsOf(to, name);
  if (device !== undefined) to.wg.set(name, device);
  if (isUserspace) to.userspace.add(name);
  return to;
}
