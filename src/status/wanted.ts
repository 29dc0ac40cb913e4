// The mesh that a status is compared with: the state file's, or without it what our marks on the host show.
import type { RouteInfo } from '../host/types.ts';
import { BIRD_HELLO } from '../model/defaults.ts';
import { speaksOspf4, speaksOspf6 } from '../model/ipv6.ts';
import type { LocalInterface, RouterModel, Tunnel } from '../model/types.ts';
import { formatEndpoint } from '../net/endpoint.ts';
import { formatPrefix, type Family } from '../net/ip.ts';
import { isLinkLocal } from '../net/link-local.ts';
import { isMarked, MAIN_TABLE, WGOSPF_PROTOCOL } from '../net/names.ts';
import type { Facts, Wanted, WantedOspf, WantedTunnel } from './types.ts';

/** OSPFv2 does not use a link without an IPv4 address; OSPFv3 needs only a link-local one. */
function wantedOspf(model: RouterModel, link: Tunnel | LocalInterface): WantedOspf | undefined {
  const { ospf, addresses } = link;
  if (ospf === undefined) return undefined;
  const { cost, type, neighbors, stub, hello = BIRD_HELLO } = ospf;
  const v2 = speaksOspf4(model, link) && addresses.some(({ family }) => family === 4);
  const families: Family[] = [...(v2 ? [4 as const] : []), ...(speaksOspf6(model, link) ? [6 as const] : [])];
  return { cost, type, neighbors, stub, hello, families };
}

const addressesOf = ({ addresses, linkLocal }: Tunnel | LocalInterface): string[] =>
  (addresses.length > 0 || linkLocal === undefined ? addresses : [linkLocal]).map(formatPrefix);

const wantedTunnel = (model: RouterModel, t: Tunnel): WantedTunnel => ({
  name: t.name,
  addresses: addressesOf(t),
  mtu: t.mtu,
  ospf: wantedOspf(model, t),
  listenPort: t.listenPort,
  peerKey: t.peer.publicKey,
  endpoint: t.peer.endpoint && formatEndpoint(t.peer.endpoint),
  persistentKeepalive: t.peer.persistentKeepalive,
});

export const wantedByModel = (model: RouterModel): Wanted => ({
  table: model.mesh.table,
  tunnels: model.tunnels.map((tunnel) => wantedTunnel(model, tunnel)),
  interfaces: model.interfaces.map((i) => ({
    name: i.name,
    addresses: addressesOf(i),
    mtu: i.mtu,
    ospf: wantedOspf(model, i),
    kind: i.kind,
  })),
});

const tableByMark = (routes: readonly RouteInfo[]): Wanted['table'] => {
  const id = routes.find((r) => r.protocol === WGOSPF_PROTOCOL && r.table !== MAIN_TABLE)?.table;
  return id === undefined ? undefined : { name: String(id), id };
};

/** Links with our mark; only BIRD knows about OSPF then. */
export function wantedByMarks({ links, addresses, devices, routes }: Facts): Wanted {
  const found = (dev: string): string[] => {
    const own = addresses.filter((a) => a.dev === dev).map((a) => a.prefix);
    const wide = own.filter((prefix) => !isLinkLocal(prefix.address));
    return (wide.length > 0 ? wide : own).sort((a, b) => a.family - b.family).map(formatPrefix);
  };
  const tunnels = links.filter(isMarked).flatMap((link): WantedTunnel[] => {
    const device = devices.find((d) => d.name === link.name);
    const peer = device?.peers[0];
    if (device === undefined) return [];
    return [
      {
        name: link.name,
        addresses: found(link.name),
        mtu: link.mtu,
        ospf: undefined,
        listenPort: device.listenPort,
        peerKey: peer?.publicKey ?? '',
        endpoint: peer === undefined || peer.endpoint === '' ? undefined : peer.endpoint,
        persistentKeepalive: peer?.persistentKeepalive ?? 0,
      },
    ];
  });
  const interfaces = links
    .filter((l) => isMarked(l) && l.kind === 'dummy')
    .map((l) => ({ name: l.name, addresses: found(l.name), mtu: l.mtu, ospf: undefined, kind: 'dummy' as const }));
  return { table: tableByMark(routes), tunnels, interfaces };
}
