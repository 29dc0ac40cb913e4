// Parses the answer of a userspace WireGuard to `get=1` (https://www.wireguard.com/xplatform/) to a WgDevice. Replaces the private
// key by the public key at once, and preshared keys by their digests.
import { canonicalAddress, parsePrefix, type Prefix } from '../../net/ip.ts';
import { HostError } from '../error.ts';
import type { WgDevice, WgPeer } from '../types.ts';
import { derivePublicKey, keyDigest } from './key.ts';

type Line = readonly [key: string, value: string];
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const NO_KEY = '0'.repeat(64);

/** Errors contain the line number, never the text. */
export function parseUapi(name: string, text: string): WgDevice {
  const wrong = (code: string, detail: string): HostError =>
    new HostError({ operation: `ask wireguard-go ${name}`, code, detail });
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, i): Line => {
      const [, key, value] = /^([a-z_]+)=(.*)$/.exec(line) ?? [];
      if (key !== undefined && value !== undefined) return [key, value];
      throw wrong('EBADMSG', `line ${i + 1} of its answer is not of the form KEY=VALUE`);
    });
  const [last, errno] = lines.at(-1) ?? [];
  if (last !== 'errno') throw wrong('EBADMSG', 'its answer is not whole');
  if (errno !== '0') throw wrong('EIO', `it answers with the error number ${errno}`);
  const firstPeer = lines.findIndex(([key]) => key === 'public_key');
  const ofDevice = new Map(firstPeer < 0 ? lines : lines.slice(0, firstPeer));
  const privateKey = ofDevice.get('private_key') ?? NO_KEY;
  return {
    name,
    publicKey: privateKey === NO_KEY ? '' : derivePublicKey(base64(privateKey)),
    listenPort: Number(ofDevice.get('listen_port') ?? 0),
    fwmark: Number(ofDevice.get('fwmark') ?? 0),
    peers: firstPeer < 0 ? [] : peersOf(lines.slice(firstPeer)),
  };
}

const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');

/** Each peer begins with its public key. */
function peersOf(lines: readonly Line[]): WgPeer[] {
  const peers: (Mutable<WgPeer> & { allowedIPs: Prefix[] })[] = [];
  for (const [key, value] of lines) {
    if (key === 'public_key') peers.push(newPeer(value));
    const peer = peers.at(-1);
    if (peer === undefined) continue;
    if (key === 'preshared_key') peer.presharedKeyDigest = keyDigest(base64(value));
    if (key === 'endpoint') peer.endpoint = canonicalEndpoint(value);
    if (key === 'last_handshake_time_sec') peer.latestHandshake = Number(value);
    if (key === 'rx_bytes') peer.rxBytes = Number(value);
    if (key === 'tx_bytes') peer.txBytes = Number(value);
    if (key === 'persistent_keepalive_interval') peer.persistentKeepalive = Number(value);
    const prefix = key === 'allowed_ip' ? parsePrefix(value) : undefined;
    if (prefix !== undefined) peer.allowedIPs.push(prefix);
  }
  return peers;
}

const newPeer = (key: string): WgPeer & { allowedIPs: Prefix[] } => ({
  ...{ publicKey: base64(key), presharedKeyDigest: '', endpoint: '', allowedIPs: [] },
  ...{ latestHandshake: 0, rxBytes: 0, txBytes: 0, persistentKeepalive: 0 },
});

/** getnameinfo(3) writes IPv6 addresses by its own rules, and a link-local address with its zone, which stays. */
export function canonicalEndpoint(text: string): string {
  const m = /^\[([^\]%]+)(%[^\]]+)?\]:(\d+)$/.exec(text);
  const address = m?.[1] === undefined ? undefined : canonicalAddress(m[1]);
  return address === undefined ? text : `[${address}${m?.[2] ?? ''}]:${m?.[3] ?? ''}`;
}
