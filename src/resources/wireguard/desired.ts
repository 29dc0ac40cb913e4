import type { Desired } from '../../engine/types.ts';
import type { RouterModel, Tunnel } from '../../model/types.ts';
import { endpointText, notedEndpoint, type WireguardSpec } from './spec.ts';

/** The state file's endpoint as text; '' if there is none. */
export const wantedEndpoint = ({ peer }: Tunnel): string =>
  peer.endpoint === undefined ? '' : endpointText(peer.endpoint.host, peer.endpoint.port);

export function desiredWireguard(model: RouterModel): Desired<WireguardSpec>[] {
  return model.tunnels.map((tunnel) => {
    const { name, privateKeyFile, listenPort, peer } = tunnel;
    const endpoint = wantedEndpoint(tunnel);
    return {
      spec: {
        dev: name,
        privateKeyFile,
        listenPort,
        peers: [peer.publicKey],
        presharedKeyFile: peer.presharedKeyFile ?? '',
        endpoint,
        setEndpoint: notedEndpoint(endpoint),
        persistentKeepalive: peer.persistentKeepalive,
        allowedIPs: peer.allowedIPs,
        setup: model.wireguard.setup,
        meshPrefixes: model.mesh.prefixes,
      },
      source: peer.source,
    };
  });
}
