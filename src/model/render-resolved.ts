// The model as a state file with nothing left to a default; reading it again gives the same model.
import { stringify } from 'yaml';
import { formatEndpoint } from '../net/endpoint.ts';
import { formatPrefix } from '../net/ip.ts';
import type { BirdModel, LocalInterface, OspfInterface, RouterModel, Tunnel } from './types.ts';

const present = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const ospf = (o: OspfInterface | undefined): unknown =>
  o === undefined
    ? false
    : present({ cost: o.cost, type: o.type, neighbors: o.neighbors, stub: o.stub, hello: o.hello, dead: o.dead });

/** One plainly, two as a list, none not at all. */
const oneOrList = (texts: readonly string[]): string | readonly string[] | undefined =>
  texts.length < 2 ? texts[0] : texts;

const localInterface = (i: LocalInterface): Record<string, unknown> =>
  present({
    kind: i.kind,
    address: oneOrList(i.addresses.map(formatPrefix)),
    routes: i.routes.map(formatPrefix),
    mtu: i.mtu,
    ospf: ospf(i.ospf),
  });

const tunnel = (t: Tunnel): Record<string, unknown> =>
  present({
    address: oneOrList(t.addresses.map(formatPrefix)),
    peerAddress: oneOrList(t.peerAddresses),
    listenPort: t.listenPort,
    privateKeyFile: t.privateKeyFile,
    mtu: t.mtu,
    routes: t.routes.map(formatPrefix),
    peer: present({
      publicKey: t.peer.publicKey,
      endpoint: t.peer.endpoint && formatEndpoint(t.peer.endpoint),
      presharedKeyFile: t.peer.presharedKeyFile,
      persistentKeepalive: t.peer.persistentKeepalive,
      allowedIPs: t.peer.allowedIPs.map(formatPrefix),
    }),
    ospf: ospf(t.ospf),
  });

const bird = (b: BirdModel): Record<string, unknown> => ({
  ospf: { area: Number(b.area), export: b.export.length === 0 ? 'none' : b.export.map(formatPrefix) },
  kernel: { metric: b.kernelMetric, persist: b.persist, scanTime: b.scanTime },
  configFile: b.configFile,
  controlSocket: b.controlSocket,
});

const byName = <T extends { name: string }>(
  list: readonly T[],
  render: (item: T) => unknown,
): Record<string, unknown> => Object.fromEntries(list.map((item) => [item.name, render(item)]));

export function renderResolved(model: RouterModel): string {
  const { mesh } = model;
  return stringify(
    {
      version: 1,
      router: { id: model.routerId },
      mesh: {
        table: mesh.main ? 'main' : mesh.table,
        isolation: mesh.isolation,
        prefixes: mesh.prefixes.map(formatPrefix),
        priorities: mesh.priorities,
      },
      wireguard: { backend: model.wireguard.backend },
      interfaces: byName(model.interfaces, localInterface),
      tunnels: byName(model.tunnels, tunnel),
      bird: bird(model.bird),
    },
    { version: '1.2', aliasDuplicateObjects: false, lineWidth: 0 },
  );
}
