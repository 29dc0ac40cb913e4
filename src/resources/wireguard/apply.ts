import { HostError } from '../../host/error.ts';
import type { Host, WgChange } from '../../host/types.ts';
import { canonicalAddress } from '../../net/ip.ts';
import { usableAddresses } from './endpoint.ts';
import type { WireguardPayload } from './plan.ts';
import { endpointText, PEER_FIELDS, type WireguardSpec } from './spec.ts';

/** `HOST:PORT` -> `ADDRESS:PORT`, the best address that is not inside the mesh. */
async function resolveEndpoint(
  { dev, endpoint, meshPrefixes }: WireguardSpec,
  host: Host,
): Promise<string | undefined> {
  const match = /^\[?(.*?)\]?:(\d+)$/.exec(endpoint);
  if (match?.[1] === undefined) return undefined;
  const [, name] = match;
  const port = Number(match[2]);
  if (canonicalAddress(name) !== undefined) return endpointText(name, port);
  const operation = `set endpoint ${endpoint} of ${dev}`;
  const addresses = await host.resolveName(name, dev);
  if (addresses.length === 0) {
    throw new HostError({ operation, code: 'EAI_NONAME', detail: `the name ${name} does not resolve` });
  }
  const [address] = usableAddresses(addresses, meshPrefixes);
  if (address === undefined) {
    const detail = `${name} is ${addresses.join(', ')}, inside mesh.prefixes: the tunnel would run through itself`;
    throw new HostError({ operation, code: 'ELOOP', detail });
  }
  return endpointText(address, port);
}

async function toChange(payload: WireguardPayload & { do: 'set' }, host: Host): Promise<WgChange> {
  const { spec, fields, strangers } = payload;
  const endpoint = fields.has('endpoint') ? await resolveEndpoint(spec, host) : undefined;
  const hasPeerField = PEER_FIELDS.some((field) => fields.has(field));
  return {
    ...(fields.has('privateKey') ? { privateKeyFile: spec.privateKeyFile } : {}),
    ...(fields.has('listenPort') ? { listenPort: spec.listenPort } : {}),
    removePeers: strangers,
    ...(hasPeerField
      ? {
          peer: {
            publicKey: spec.peers[0] ?? '',
            ...(fields.has('presharedKey') ? { presharedKeyFile: spec.presharedKeyFile } : {}),
            ...(endpoint === undefined ? {} : { endpoint }),
            ...(fields.has('persistentKeepalive') ? { persistentKeepalive: spec.persistentKeepalive } : {}),
            ...(fields.has('allowedIPs') ? { allowedIPs: spec.allowedIPs } : {}),
          },
        }
      : {}),
  };
}

export async function applyWireguard(payload: WireguardPayload, host: Host): Promise<void> {
  const { wg, rtnl } = host;
  switch (payload.do) {
    case 'release-port':
      return wg.set(payload.dev, { listenPort: 0 });
    case 'setconf': {
      const { dev, privateKeyFile, listenPort, peers, presharedKeyFile, persistentKeepalive, allowedIPs } =
        payload.spec;
      const peer = {
        publicKey: peers[0] ?? '',
        presharedKeyFile: presharedKeyFile === '' ? undefined : presharedKeyFile,
        endpoint: await resolveEndpoint(payload.spec, host),
        persistentKeepalive,
        allowedIPs,
      };
      return wg.setconf(dev, { privateKeyFile, listenPort, peer }, payload.by);
    }
    case 'set':
      return wg.set(payload.spec.dev, await toChange(payload, host));
    case 'keep':
      return wg.save(payload.dev, 'config', payload.file);
    case 'note-endpoint':
      return rtnl.setLink(payload.dev, { alias: payload.alias });
  }
}
