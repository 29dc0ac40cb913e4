// WireGuard devices in the terms of the state file. Key files are compared by public key and digest. A blank device (just
// made, or made by a pass that was killed) counts as absent, so that it gets its whole configuration.
import type { Condition, Observe, Observed } from '../../engine/types.ts';
import { isHostError } from '../../host/error.ts';
import type { HostReader } from '../../host/reader.ts';
import type { WgDevice, WgPeer } from '../../host/types.ts';
import type { RouterModel, Tunnel } from '../../model/types.ts';
import type { Prefix } from '../../net/ip.ts';
import { isMarked } from '../../net/names.ts';
import { desiredWireguard, wantedEndpoint } from './desired.ts';
import { observedEndpoint } from './endpoint.ts';
import { endpointOf, OTHER_KEY, type WireguardSpec } from './spec.ts';

/**
 * A key file that cannot be read cannot be compared: the kind `key-file` reports it, and nothing changes. A missing file gets the
 * key of the device.
 */
async function sameKey(device: WgDevice, file: string, host: HostReader): Promise<boolean> {
  if (device.publicKey === '') return false;
  try {
    return [undefined, device.publicKey].includes(await host.keys.publicKeyOf(file));
  } catch (error) {
    if (isHostError(error)) return true;
    throw error;
  }
}

async function presharedKeyFile(peer: WgPeer | undefined, file: string | undefined, host: HostReader): Promise<string> {
  if (peer === undefined || peer.presharedKeyDigest === '') return '';
  if (file === undefined) return OTHER_KEY;
  try {
    return [undefined, peer.presharedKeyDigest].includes(await host.keys.digestOf(file)) ? file : OTHER_KEY;
  } catch (error) {
    if (isHostError(error)) return file;
    throw error;
  }
}

interface Found {
  readonly spec: WireguardSpec;
  readonly conditions: readonly Condition[];
}

async function toSpec(
  { device, alias }: Aliased,
  tunnel: Tunnel | undefined,
  mesh: readonly Prefix[],
  host: HostReader,
): Promise<Found> {
  const peer = device.peers.find(({ publicKey }) => publicKey === tunnel?.peer.publicKey) ?? device.peers[0];
  const endpoint = await observedEndpoint({ peer, tunnel, setEndpoint: endpointOf(alias), mesh }, host);
  const keyKnown = tunnel !== undefined && (await sameKey(device, tunnel.privateKeyFile, host));
  return {
    spec: {
      dev: device.name,
      privateKeyFile: keyKnown ? tunnel.privateKeyFile : device.publicKey && OTHER_KEY,
      listenPort: device.listenPort,
      peers: device.peers.map(({ publicKey }) => publicKey),
      presharedKeyFile: await presharedKeyFile(peer, tunnel?.peer.presharedKeyFile, host),
      endpoint: endpoint.text,
      setEndpoint: endpointOf(alias),
      persistentKeepalive: peer?.persistentKeepalive ?? 0,
      allowedIPs: peer?.allowedIPs ?? [],
      ...{ setup: 'auto', meshPrefixes: [] },
    },
    conditions: endpoint.resolved
      ? []
      : [
          {
            code: 'endpoint-unresolved',
            severity: 'warning',
            subject: device.name,
            message: `${tunnel === undefined ? '' : wantedEndpoint(tunnel)} does not resolve; ${
              peer?.endpoint === '' ? 'the tunnel has no address to call' : 'the last address is kept'
            }`,
          },
        ],
  };
}

const isBlank = ({ publicKey, peers, unread }: WgDevice): boolean =>
  publicKey === '' && peers.length === 0 && unread === undefined;

/** A device that cannot be read counts as desired: nothing is known of it, and so nothing changes. */
function unreadSpec({ device, alias }: Aliased, wanted: WireguardSpec | undefined): Found {
  const { name, unread = '' } = device;
  const nothing = { privateKeyFile: OTHER_KEY, presharedKeyFile: '', listenPort: 0, persistentKeepalive: 0 };
  const lists = { peers: [], allowedIPs: [], meshPrefixes: [] };
  const none = {
    dev: name,
    setup: 'auto' as const,
    endpoint: '',
    setEndpoint: endpointOf(alias),
    ...nothing,
    ...lists,
  };
  const message = `${unread}; until then nothing of this tunnel is compared or changed`;
  return {
    spec: wanted ?? none,
    conditions: [{ code: 'wireguard-unreadable', severity: 'error', subject: name, message }],
  };
}

interface Aliased {
  readonly device: WgDevice;
  readonly alias: string;
}

/** Our devices, and those with the names of our tunnels. */
async function devicesOf(host: HostReader, model: RouterModel | undefined): Promise<Aliased[]> {
  const tunnels = new Set((model?.tunnels ?? []).map(({ name }) => name));
  const aliases = new Map((await host.rtnl.links()).map(({ name, alias }) => [name, alias]));
  const ours = [...aliases].filter(([name, alias]) => tunnels.has(name) || isMarked({ alias })).map(([name]) => name);
  return (await host.wg.devices(ours)).flatMap((device): Aliased[] => {
    const alias = aliases.get(device.name);
    return alias === undefined ? [] : [{ device, alias }];
  });
}

export const observeWireguard: Observe<WireguardSpec> = async (host, model) => {
  // read with the other key files, in one call of a snapshot; the comparison below handles the errors
  const secrets = (model?.tunnels ?? []).flatMap(({ peer }) => peer.presharedKeyFile ?? []);
  const early = Promise.allSettled(secrets.map((file) => host.keys.digestOf(file)));
  const [devices] = await Promise.all([devicesOf(host, model), early]);
  // a later status needs to know since when a peer is silent
  for (const { device } of devices) for (const peer of device.peers) host.silence(device.name, peer);
  const tunnels = new Map((model?.tunnels ?? []).map((tunnel) => [tunnel.name, tunnel]));
  const desired = new Map((model === undefined ? [] : desiredWireguard(model)).map(({ spec }) => [spec.dev, spec]));
  const found = await Promise.all(
    devices
      .filter(({ device }) => !isBlank(device))
      .map(async (one) => {
        const { name, unread } = one.device;
        const told = await (unread === undefined
          ? toSpec(one, tunnels.get(name), model?.mesh.prefixes ?? [], host)
          : unreadSpec(one, desired.get(name)));
        return { ...told, owned: isMarked(one) };
      }),
  );
  return {
    objects: found.map(({ spec, owned }): Observed<WireguardSpec> => ({ spec, owned })),
    conditions: found.flatMap(({ conditions }) => conditions),
  };
};
