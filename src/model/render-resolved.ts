// The model as a state file with every default written out; reading it again gives the same model.
import { stringify } from 'yaml';
import { formatEndpoint } from '../net/endpoint.ts';
import { formatPrefix } from '../net/ip.ts';
import { present, resolvedBird, resolvedOspf } from './render-resolved-bird.ts';
import type { LocalInterface, RouterModel, Tunnel } from './types.ts';

/** One as a text, several as a list, none as undefined. */
const oneOrList = (texts: readonly string[]): string | readonly string[] | undefined =>
  texts.length < 2 ? texts[0] : texts;

const localInterface = (i: LocalInterface): Record<string, unknown> =>
  present({
    kind: i.kind,
    address: oneOrList(i.addresses.map(formatPrefix)),
    routes: i.routes.map(formatPrefix),
    mtu: i.mtu,
    ospf: resolvedOspf(i.ospf),
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
    ospf: resolvedOspf(t.ospf),
  });

const byName = <T extends { name: string }>(
  list: readonly T[],
  render: (item: T) => unknown,
): Record<string, unknown> => Object.fromEntries(list.map((item) => [item.name, render(item)]));

/** With an exit, every network of the mesh is a transit network, so the file names none. */
function transitWords({ exit, transit }: RouterModel['mesh']): Record<string, unknown> {
  const said = exit || transit.length === 0 ? 'none' : transit.map(formatPrefix);
  return { transit: said, exit: exit ? 'allow' : 'deny' };
}

export function renderResolved(model: RouterModel): string {
  const { mesh } = model;
  const { backend, setup, threaded } = model.wireguard;
  return stringify(
    {
      version: 1,
      router: { id: model.routerId },
      mesh: {
        table: mesh.main ? 'main' : mesh.table,
        isolation: mesh.isolation,
        prefixes: mesh.prefixes.map(formatPrefix),
        ...transitWords(mesh),
        firewall: mesh.firewall,
        match: mesh.match,
        priorities: mesh.priorities,
      },
      wireguard: { backend, setup, threaded },
      interfaces: byName(model.interfaces, localInterface),
      tunnels: byName(model.tunnels, tunnel),
      bird: resolvedBird(model.bird),
    },
    { version: '1.2', aliasDuplicateObjects: false, lineWidth: 0 },
  );
}
