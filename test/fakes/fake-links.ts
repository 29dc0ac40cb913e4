// Links of the fake host: what comes and goes with one, as net/core/dev.c, devinet.c and addrconf.c do it.
import type { LinkChange } from '../../src/host/types.ts';
import type { FakeLink, FakeState } from './fake-state.ts';
import { setMaster, vrfGone, vrfMade } from './fake-vrf.ts';
import { hostError, removeWhere } from './fake-state.ts';
import { addSysctlsOf, dropSysctlsOf } from './fake-sysctl.ts';
import { addressesCameUp, dropFamily6 } from './fake-addresses.ts';

/** RT_TABLE_LOCAL */
const LOCAL = 255;
/** IPV6_MIN_MTU; a smaller MTU takes IPv6 off the link (addrconf_notify) */
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

export function setLink(state: FakeState, name: string, change: LinkChange): void {
  const link = requireLink(state, name, `set link ${name}`);
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
  const taken = [...state.wg].some(
    ([n, d]) => n !== link.name && d.listenPort === port && state.links.get(n)?.up === true,
  );
  if (port !== 0 && taken) throw hostError(`set link ${link.name} up`, 'EADDRINUSE');
  link.up = true;
  addressesCameUp(state, link);
}

/** fib_disable_ip leaves the `local` entries; rt6_disable_ip leaves nothing, addrconf_ifdown what keep_addr_on_down keeps. */
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
  for (const gone of [name, ...(link.pair === undefined ? [] : [link.pair])]) {
    removeWhere(state.addresses, (a) => a.dev === gone);
    removeWhere(state.routes, (r) => r.dev === gone);
    dropSysctlsOf(state, gone);
    state.wg.delete(gone);
    // wireguard-go ends when its tun device goes
    state.userspace.delete(gone);
    state.links.delete(gone);
  }
}
