// One interface or tunnel of the state file -> its place in the model. Pure.
import { canonicalAddress, farAddress, hostPrefix, networkOf } from '../net/ip.ts';
import type { Prefix } from '../net/ip.ts';
import { parseEndpoint } from '../net/endpoint.ts';
import { compareText } from '../net/compare-text.ts';
import { DUMMY_OSPF, INTERFACE_OSPF, TUNNEL_OSPF } from './defaults.ts';
import { keyPath, privateKeyName } from './key-file.ts';
import { distinct, prefix, prefixes } from './prefixes.ts';
import type { ResolveContext } from './resolve-context.ts';
import type { InterfaceState, OspfState, PeerState, State, TunnelState } from './state.ts';
import type { LocalInterface, OspfInterface, Tunnel } from './types.ts';

/**
 * The neighbours of an OSPF interface. BIRD sends a ptmp or nbma interface's hellos to the named neighbours alone, so the
 * far end is named where it is known; ptp and broadcast find each other by multicast.
 */
function neighborsOf(said: OspfState, stub: boolean, far: string | undefined): string[] {
  if (said.neighbors !== undefined) {
    return [...new Set(said.neighbors.map((n) => canonicalAddress(n) ?? n))].sort(compareText);
  }
  const unicast = said.type === 'ptmp' || said.type === 'nbma';
  return unicast && !stub && far !== undefined ? [far] : [];
}

function resolveOspf(
  said: OspfState | false | undefined,
  absent: OspfInterface,
  far: string | undefined,
): OspfInterface | undefined {
  if (said === false) return undefined;
  if (said === undefined) return absent;
  const { cost, type, stub = absent.stub, hello, dead } = said;
  return { cost, type, neighbors: neighborsOf(said, stub, far), stub, hello, dead };
}

export function resolveInterface(name: string, said: InterfaceState, context: ResolveContext): LocalInterface {
  const address = prefix(said.address);
  return {
    name,
    kind: said.kind,
    address,
    routes: said.routes === undefined ? [networkOf(address)] : prefixes(said.routes),
    mtu: said.mtu,
    ospf: resolveOspf(said.ospf, said.kind === 'dummy' ? DUMMY_OSPF : INTERFACE_OSPF, farAddress(address)),
    source: context.sourceOf(['interfaces', name]),
  };
}

/** What WireGuard needs for a route to the far end: the tunnel's own network, or the far end alone beside a /32. */
function ownNetwork(address: Prefix, far: string | undefined): Prefix[] {
  if (address.length < 32) return [networkOf(address)];
  return far === undefined ? [] : [hostPrefix(far)];
}

const openAllowedIPs = (ipv6: boolean): string[] => (ipv6 ? ['0.0.0.0/0', '::/0'] : ['0.0.0.0/0']);

function resolvePeer(name: string, said: PeerState, { env, folder, sourceOf }: ResolveContext): Tunnel['peer'] {
  return {
    publicKey: said.publicKey,
    endpoint: said.endpoint === undefined ? undefined : parseEndpoint(said.endpoint),
    presharedKeyFile: said.presharedKeyFile === undefined ? undefined : keyPath(folder, said.presharedKeyFile),
    persistentKeepalive: said.persistentKeepalive,
    allowedIPs: prefixes(said.allowedIPs ?? openAllowedIPs(env.ipv6)),
    source: sourceOf(['tunnels', name, 'peer']),
  };
}

export function resolveTunnel(name: string, said: TunnelState, state: State, context: ResolveContext): Tunnel {
  const address = prefix(said.address);
  const far = said.peerAddress ?? farAddress(address);
  return {
    name,
    address,
    peerAddress: far,
    // the far end stays reachable when networks behind it are listed: the mesh table has no other way to it
    routes: distinct([...ownNetwork(address, far), ...prefixes(said.routes ?? [])]),
    listenPort: said.listenPort,
    privateKeyFile: keyPath(context.folder, privateKeyName(name, said.privateKeyFile, state.wireguard.privateKeyFile)),
    mtu: said.mtu,
    peer: resolvePeer(name, said.peer, context),
    ospf: resolveOspf(said.ospf, TUNNEL_OSPF, far),
    source: context.sourceOf(['tunnels', name]),
  };
}
