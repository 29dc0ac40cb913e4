// Makes the router's model from `Resolved`, if the file has no error and so no gap. Pure.
import { DEFAULT_PRIORITIES, DEFAULT_TUNNEL_MTU } from '../../model/defaults.ts';
import type { LocalInterface, RouterModel, Tunnel } from '../../model/types.ts';
import { compareText } from '../../net/compare-text.ts';
import { bitsOf, hostPrefix, networkOf, type Prefix } from '../../net/ip.ts';
import { MAIN_TABLE } from '../../net/names.ts';
import { routerIdOf } from '../../net/router-id.ts';
import type { TunnelSaid } from '../said.ts';
import { resolveBird } from './bird.ts';
import { keyPath, privateKeyName } from './key-file.ts';
import { distinct, farOf, indexed } from './types.ts';
import type { InterfaceLink, Link, Resolved, SourceOf, TunnelLink } from './types.ts';

/** Throws on a gap, because then a check is missing. */
function known<T>(value: T | undefined, path: readonly unknown[]): T {
  if (value === undefined) throw new TypeError(`nothing at ${path.join('.')}, and no check says so`);
  return value;
}

const byName = (a: { name: string }, b: { name: string }): number => compareText(a.name, b.name);

const prefixes = (list: readonly (Prefix | undefined)[] | undefined): Prefix[] =>
  distinct(indexed(list).map(({ prefix }) => prefix));

const ownAddresses = ({ addresses }: Link): Prefix[] =>
  addresses.map(({ prefix }) => prefix).sort((a, b) => a.family - b.family);

function interfaceModel(link: InterfaceLink, sourceOf: SourceOf): LocalInterface {
  const { name, path, said, ospf } = link;
  const addresses = ownAddresses(link);
  return {
    name,
    kind: said.kind ?? 'existing',
    addresses,
    linkLocal: undefined,
    routes: said.routes === undefined ? distinct(addresses.map(networkOf)) : prefixes(said.routes),
    mtu: said.mtu,
    ospf: ospf?.model,
    source: sourceOf(path),
  };
}

/** The route to the far end: the tunnel's own network, or with a /32 or /128 the far end's address. */
function ownNetwork(address: Prefix, far: readonly string[]): Prefix[] {
  if (address.length < bitsOf(address.family)) return [networkOf(address)];
  return far.map(hostPrefix).filter(({ family }) => family === address.family);
}

/** WireGuard keeps both, even if the kernel has no IPv6 (wireguard/allowedips.c). */
const OPEN: readonly Prefix[] = [
  { family: 4, address: '0.0.0.0', length: 0 },
  { family: 6, address: '::', length: 0 },
];

function peerModel({ path, said }: TunnelLink, folder: string, sourceOf: SourceOf): Tunnel['peer'] {
  const { publicKey, endpoint, presharedKeyFile, persistentKeepalive = 0, allowedIPs = OPEN } = said.peer ?? {};
  return {
    publicKey: known(publicKey, path),
    endpoint,
    presharedKeyFile: presharedKeyFile === undefined ? undefined : keyPath(folder, presharedKeyFile),
    persistentKeepalive,
    allowedIPs: prefixes(allowedIPs),
    source: sourceOf([...path, 'peer']),
  };
}

const knownTunnels = new WeakMap<TunnelSaid, { readonly from: string; readonly tunnel: Tunnel }>();

/** Returns the same object for a tunnel with the same text and position, so that everything derived from it is kept. */
function tunnelModel(link: TunnelLink, { said: { wireguard }, folder }: Resolved, sourceOf: SourceOf): Tunnel {
  const places = [sourceOf(link.path), sourceOf([...link.path, 'peer'])];
  const from = JSON.stringify([folder, wireguard?.privateKeyFile, places]);
  const before = knownTunnels.get(link.said);
  const isSame = before?.from === from && before.tunnel.ospf === link.ospf?.model;
  const tunnel = isSame ? before.tunnel : makeTunnel(link, { wireguard, folder }, sourceOf);
  knownTunnels.set(link.said, { from, tunnel });
  return tunnel;
}

function makeTunnel(
  link: TunnelLink,
  { wireguard, folder }: Pick<Resolved, 'folder'> & Pick<Resolved['said'], 'wireguard'>,
  sourceOf: SourceOf,
): Tunnel {
  const { name, path, said, ospf } = link;
  const addresses = ownAddresses(link);
  const far = ([4, 6] as const).flatMap((family) => farOf(link, family) ?? []);
  return {
    name,
    addresses,
    linkLocal: undefined,
    peerAddresses: far,
    peerLinkLocal: known(link.farLinkLocal, path),
    // with listed networks the far end must stay reachable too: the mesh table has no other route to it
    routes: distinct([...addresses.flatMap((own) => ownNetwork(own, far)), ...prefixes(said.routes)]),
    listenPort: known(said.listenPort, path),
    privateKeyFile: keyPath(folder, privateKeyName(name, said.privateKeyFile, wireguard?.privateKeyFile)),
    mtu: said.mtu ?? DEFAULT_TUNNEL_MTU,
    peer: peerModel(link, folder, sourceOf),
    ospf: ospf?.model,
    source: sourceOf(path),
  };
}

function meshModel({ said: { mesh } }: Resolved, sourceOf: SourceOf): RouterModel['mesh'] {
  const table = known(mesh?.table, ['mesh', 'table']);
  const all = prefixes(mesh?.prefixes);
  const { transit = 'none', exit, priorities } = mesh ?? {};
  const main = table === 'main';
  return {
    table: main
      ? { name: 'main', id: MAIN_TABLE }
      : { name: known(table.name, ['mesh']), id: known(table.id, ['mesh']) },
    main,
    isolation: mesh?.isolation ?? 'table',
    prefixes: all,
    transit: exit === 'allow' ? all : transit === 'none' ? [] : prefixes(transit),
    exit: exit === 'allow',
    firewall: mesh?.firewall ?? 'auto',
    match: mesh?.match ?? 'iif',
    priorities: { ...DEFAULT_PRIORITIES, ...(priorities as Partial<typeof DEFAULT_PRIORITIES>) },
    source: sourceOf(['mesh']),
  };
}

/** @param generation see RouterModel.generation */
export function modelOf(resolved: Resolved, generation: string, sourceOf: SourceOf): RouterModel {
  const { env, said, links } = resolved;
  const { node = 0, instance = 1, id = routerIdOf(node, instance) } = said.router ?? {};
  const backend = said.wireguard?.backend ?? 'auto';
  return {
    generation,
    routerId: known(id, ['router']),
    env,
    mesh: meshModel(resolved, sourceOf),
    interfaces: links.flatMap((link) => (link.tunnel ? [] : interfaceModel(link, sourceOf))).sort(byName),
    tunnels: resolved.tunnels.map((link) => tunnelModel(link, resolved, sourceOf)).sort(byName),
    wireguard: {
      backend: backend === 'auto' ? (env.kernelWireguard ? 'kernel' : 'userspace') : backend,
      setup: said.wireguard?.setup ?? 'auto',
      threaded: said.wireguard?.threaded ?? 'auto',
      source: sourceOf(['wireguard']),
    },
    bird: resolveBird(resolved, sourceOf),
  };
}
