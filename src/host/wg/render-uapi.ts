// Renders a DevicePatch as a request to a userspace WireGuard (https://www.wireguard.com/xplatform/, `set=1`). Pure; the result is
// secret, and consists of bytes so that it can be overwritten.
import { formatPrefix } from '../../net/ip.ts';
import type { DevicePatch, PeerPatch } from './device-patch.ts';

type Line = readonly [key: string, value: string | number | Uint8Array];

export function renderUapi({ privateKey, listenPort, fwmark, replacePeers = false, peers }: DevicePatch): Buffer {
  const lines: Line[] = [
    ['set', 1],
    ...given('private_key', privateKey),
    ...given('listen_port', listenPort),
    ...given('fwmark', fwmark),
    ...(replacePeers ? ([['replace_peers', 'true']] as const) : []),
    ...peers.flatMap(peerLines),
  ];
  const parts = lines.map(([key, value]) => [
    Buffer.from(`${key}=`),
    typeof value === 'object' ? hex(value) : Buffer.from(String(value)),
    Buffer.from('\n'),
  ]);
  const all = Buffer.concat([...parts.flat(), Buffer.from('\n')]);
  for (const part of parts.flat()) part.fill(0);
  return all;
}

const given = (key: string, value: Line[1] | undefined): Line[] => (value === undefined ? [] : [[key, value]]);

function peerLines(peer: PeerPatch): Line[] {
  const { publicKey, remove = false, presharedKey, endpoint, persistentKeepalive, allowedIPs } = peer;
  const key: Line = ['public_key', Buffer.from(publicKey, 'base64')];
  if (remove) return [key, ['remove', 'true']];
  return [
    key,
    ...given('preshared_key', presharedKey),
    ...given('endpoint', endpoint),
    ...given('persistent_keepalive_interval', persistentKeepalive),
    ...given('replace_allowed_ips', allowedIPs && 'true'),
    ...(allowedIPs ?? []).map((prefix): Line => ['allowed_ip', formatPrefix(prefix)]),
  ];
}

const DIGITS = Buffer.from('0123456789abcdef');

/** Makes no string, because a string cannot be overwritten. */
function hex(bytes: Uint8Array): Buffer {
  const text = Buffer.alloc(2 * bytes.length);
  bytes.forEach((byte, i) => {
    text[2 * i] = DIGITS[byte >> 4] ?? 0;
    text[2 * i + 1] = DIGITS[byte & 15] ?? 0;
  });
  return text;
}
