// One interface or tunnel of the state file -> its place in the model. Pure.
import { bitsOf, familyOf, hostPrefix, networkOf } from '../net/ip.ts';
import type { Prefix } from '../net/ip.ts';
import { linkLocalOf } from '../net/link-local.ts';
import { parseEndpoint } from '../net/endpoint.ts';
import { DUMMY_OSPF, INTERFACE_OSPF, TUNNEL_OSPF } from './defaults.ts';
import { keyPath, privateKeyName } from './key-file.ts';
import { farAddresses, ownAddresses } from './own-addresses.ts';
import { distinct, prefixes } from './prefixes.ts';
import type { LinkContext, ResolveContext } from './resolve-context.ts';
import { resolveOspf } from './resolve-ospf.ts';
import type { InterfaceState, PeerState, State, TunnelState } from './state.ts';
import type { LocalInterface, Tunnel } from './types.ts';

const isIPv4 = (address: string): boolean => familyOf(address) === 4;

/** BIRD knows the other end of a /31 or /30 by itself, not that of a /32. */
const hasOpposite = (addresses: readonly Prefix[]): boolean =>
  addresses.some(({ family, length }) => family === 4 && (length === 30 || length === 31));

export function resolveInterface(name: string, said: InterfaceState, context: LinkContext): LocalInterface {
  const addresses = ownAddresses(said.address);
  const far = farAddresses(undefined, addresses);
  return {
    name,
    kind: said.kind,
    addresses,
    linkLocal: undefined,
    routes: said.routes === undefined ? distinct(addresses.map(networkOf)) : prefixes(said.routes),
    mtu: said.mtu,
    ospf: resolveOspf(
      said.ospf,
      {
        name,
        usual: said.kind === 'dummy' ? DUMMY_OSPF : INTERFACE_OSPF,
        far: far.find(isIPv4),
        farLinkLocal: undefined,
        opposite: hasOpposite(addresses),
      },
      context,
    ),
    source: context.sourceOf(['interfaces', name]),
  };
}

/** What leads to the far end: the tunnel's own network, or the far end alone beside a /32 or /128. */
function ownNetwork(address: Prefix, far: readonly string[]): Prefix[] {
  if (address.length < bitsOf(address.family)) return [networkOf(address)];
  return far.map(hostPrefix).filter(({ family }) => family === address.family);
}

/** WireGuard keeps both, whether or not the kernel has IPv6 itself (wireguard/allowedips.c). */
const OPEN = ['0.0.0.0/0', '::/0'];

function resolvePeer(name: string, said: PeerState, { folder, sourceOf }: ResolveContext): Tunnel['peer'] {
  return {
    publicKey: said.publicKey,
    endpoint: said.endpoint === undefined ? undefined : parseEndpoint(said.endpoint),
    presharedKeyFile: said.presharedKeyFile === undefined ? undefined : keyPath(folder, said.presharedKeyFile),
    persistentKeepalive: said.persistentKeepalive,
    allowedIPs: prefixes(said.allowedIPs ?? OPEN),
    source: sourceOf(['tunnels', name, 'peer']),
  };
}

export function resolveTunnel(name: string, said: TunnelState, state: State, context: LinkContext): Tunnel {
  const addresses = ownAddresses(said.address);
  const far = farAddresses(said.peerAddress, addresses);
  const farLinkLocal = linkLocalOf(said.peer.publicKey).address;
  return {
    name,
    addresses,
    linkLocal: undefined,
    peerAddresses: far,
    peerLinkLocal: farLinkLocal,
    // the far end stays reachable when networks behind it are listed: the mesh table has no other way to it
    routes: distinct([...addresses.flatMap((own) => ownNetwork(own, far)), ...prefixes(said.routes ?? [])]),
    listenPort: said.listenPort,
    privateKeyFile: keyPath(context.folder, privateKeyName(name, said.privateKeyFile, state.wireguard.privateKeyFile)),
    mtu: said.mtu,
    peer: resolvePeer(name, said.peer, context),
    ospf: resolveOspf(
      said.ospf,
      { name, usual: TUNNEL_OSPF, far: far.find(isIPv4), farLinkLocal, opposite: hasOpposite(addresses) },
      context,
    ),
    source: context.sourceOf(['tunnels', name]),
  };
}
