// The mesh that a status is measured against: the state file's, or what our marks on the host tell without it.
import type { LinkInfo, RouteInfo } from '../host/types.ts';
import type { OspfInterface, RouterModel, Tunnel } from '../model/types.ts';
import { formatEndpoint } from '../net/endpoint.ts';
import { formatPrefix } from '../net/ip.ts';
import { LINK_MARK, MAIN_TABLE, WGOSPF_PROTOCOL } from '../net/names.ts';
import type { Facts, Wanted, WantedOspf, WantedTunnel } from './types.ts';

const wantedOspf = (ospf: OspfInterface | undefined): WantedOspf | undefined =>
  ospf && { cost: ospf.cost, type: ospf.type, neighbors: ospf.neighbors, stub: ospf.stub };

const wantedTunnel = (t: Tunnel): WantedTunnel => ({
  name: t.name,
  address: formatPrefix(t.address),
  mtu: t.mtu,
  ospf: wantedOspf(t.ospf),
  listenPort: t.listenPort,
  peerKey: t.peer.publicKey,
  endpoint: t.peer.endpoint && formatEndpoint(t.peer.endpoint),
  persistentKeepalive: t.peer.persistentKeepalive,
});

export const wantedByModel = (model: RouterModel): Wanted => ({
  table: model.mesh.table,
  tunnels: model.tunnels.map(wantedTunnel),
  interfaces: model.interfaces.map((i) => ({
    name: i.name,
    address: formatPrefix(i.address),
    mtu: i.mtu,
    ospf: wantedOspf(i.ospf),
    kind: i.kind,
  })),
});

const isOurs = (link: LinkInfo): boolean => link.alias === LINK_MARK || link.alias.startsWith(`${LINK_MARK} `);

const tableByMark = (routes: readonly RouteInfo[]): Wanted['table'] => {
  const id = routes.find((r) => r.protocol === WGOSPF_PROTOCOL && r.table !== MAIN_TABLE)?.table;
  return id === undefined ? undefined : { name: String(id), id };
};

/** Links that carry our mark; of OSPF only BIRD itself can tell then. */
export function wantedByMarks({ links, addresses, devices, routes }: Facts): Wanted {
  const addressOf = (dev: string): string => {
    const found = addresses.find((a) => a.dev === dev && a.prefix.family === 4);
    return found === undefined ? '' : formatPrefix(found.prefix);
  };
  const tunnels = links.filter(isOurs).flatMap((link): WantedTunnel[] => {
    const device = devices.find((d) => d.name === link.name);
    const peer = device?.peers[0];
    if (device === undefined) return [];
    return [
      {
        name: link.name,
        address: addressOf(link.name),
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
    .filter((l) => isOurs(l) && l.kind === 'dummy')
    .map((l) => ({ name: l.name, address: addressOf(l.name), mtu: l.mtu, ospf: undefined, kind: 'dummy' as const }));
  return { table: tableByMark(routes), tunnels, interfaces };
}
