// Facts of a router with one healthy tunnel; each test removes the part that it is about.
import type { OspfNeighbor } from '../../src/host/bird/parse/neighbors.ts';
import type { Facts } from '../../src/status/types.ts';
import type { LinkInfo, RouteInfo, WgPeer } from '../../src/host/types.ts';
import { plan } from '../cli/samples.ts';

/** seconds */
export const NOW = 1_767_225_600;

export const link = (name: string, over: Partial<LinkInfo> = {}): LinkInfo => ({
  ...{ index: 7, name, kind: 'wireguard', up: true, mtu: 1420, alias: 'wgospf', master: '' },
  ...over,
});

export const peer = (over: Partial<WgPeer> = {}): WgPeer => ({
  ...{ publicKey: 'key-of-wg222', presharedKeyDigest: '', endpoint: '192.0.2.1:51825', allowedIPs: [] },
  ...{ latestHandshake: NOW - 42, rxBytes: 1536, txBytes: 2_097_152, persistentKeepalive: 0 },
  ...over,
});

export const neighbor = (over: Partial<OspfNeighbor> = {}): OspfNeighbor => ({
  ...{
    routerId: '10.69.2.22',
    address: '10.70.89.1',
    interface: 'wg222',
    state: 'Full',
    role: 'PtP',
    deadTimer: 33.25,
  },
  ...over,
});

const route = (protocol: number, table: number): RouteInfo => ({
  ...{ table, type: 'unicast', dst: { family: 4, address: '10.69.0.0', length: 16 }, metric: 64, protocol },
  ...{ dev: 'wg222', via: undefined },
});

export const facts = (over: Partial<Facts> = {}): Facts => ({
  handshakeAge: (_dev, { latestHandshake }) => (latestHandshake === 0 ? Infinity : NOW - latestHandshake),
  silence: () => ({ seconds: 0, sent: 0 }),
  links: [link('wg222')],
  addresses: [
    { dev: 'wg222', prefix: { family: 4, address: '10.70.89.0', length: 31 }, peer: undefined, protocol: 87 },
  ],
  routes: [route(12, 2), route(12, 2), route(87, 2), route(3, 254)],
  devices: [{ name: 'wg222', publicKey: 'ours', listenPort: 51825, fwmark: 0, peers: [peer()] }],
  ospf: { up: true, neighbors: [neighbor()] },
  plan: plan(),
  ...over,
});

export const withPeer = (over: Partial<WgPeer>): Facts =>
  facts({ devices: [{ name: 'wg222', publicKey: 'ours', listenPort: 51825, fwmark: 0, peers: [peer(over)] }] });
