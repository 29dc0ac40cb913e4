// `wg show all dump` (wg(8)) to WgDevices, to compare our own reading with it. Private keys are dropped and preshared keys
// digested right here.
import { parsePrefix, type Prefix } from '../../../src/net/ip.ts';
import { HostError } from '../../../src/host/error.ts';
import type { WgDevice, WgPeer } from '../../../src/host/types.ts';
import { keyDigest } from '../../../src/host/wg/key.ts';
import { canonicalEndpoint } from '../../../src/host/wg/parse-uapi.ts';

const NONE = '(none)';

/** Tab-separated: a device has 5 fields, a peer 9; a device's peers follow it. Errors name the line's number, never its text. */
export function parseDump(text: string): WgDevice[] {
  const devices: WgDevice[] = [];
  let peers: WgPeer[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const f = line.split('\t');
    const device = f.length === 5 ? parseDevice(f) : undefined;
    const peer = f.length === 9 && f[0] === devices.at(-1)?.name ? parsePeer(f) : undefined;
    if (device !== undefined) {
      peers = [];
      devices.push({ ...device, peers });
    } else if (peer !== undefined) {
      peers.push(peer);
    } else {
      const detail = `line ${i + 1} has neither the form of a device nor that of its peer`;
      throw new HostError({ operation: 'wg show all dump', code: 'EBADMSG', detail });
    }
  }
  return devices;
}

function parseDevice([name, , publicKey, port, fwmark]: string[]): WgDevice | undefined {
  const listenPort = decimal(port);
  const mark = fwmark === 'off' ? 0 : Number(fwmark);
  if (name === undefined || publicKey === undefined || listenPort === undefined || Number.isNaN(mark)) return undefined;
  return { name, publicKey: publicKey === NONE ? '' : publicKey, listenPort, fwmark: mark, peers: [] };
}

function parsePeer([, publicKey, psk, endpoint, ips, handshake, rx, tx, keepalive]: string[]): WgPeer | undefined {
  const allowedIPs = prefixes(ips ?? '');
  const [latestHandshake, rxBytes, txBytes] = [decimal(handshake), decimal(rx), decimal(tx)];
  const persistentKeepalive = keepalive === 'off' ? 0 : decimal(keepalive);
  if (publicKey === undefined || psk === undefined || endpoint === undefined || allowedIPs === undefined)
    return undefined;
  if (latestHandshake === undefined || rxBytes === undefined || txBytes === undefined) return undefined;
  if (persistentKeepalive === undefined) return undefined;
  return {
    publicKey,
    presharedKeyDigest: psk === NONE ? '' : keyDigest(psk),
    endpoint: endpoint === NONE ? '' : canonicalEndpoint(endpoint),
    allowedIPs,
    latestHandshake,
    rxBytes,
    txBytes,
    persistentKeepalive,
  };
}

const decimal = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;

function prefixes(text: string): Prefix[] | undefined {
  if (text === NONE) return [];
  const all = text.split(',').map(parsePrefix);
  return all.some((p) => p === undefined) ? undefined : all.filter((p) => p !== undefined);
}
