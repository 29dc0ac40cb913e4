// Renders a WgChange as the arguments of one `wg set` (wg(8)). Pure; contains only public keys and names of key files.
import { formatPrefix } from '../../net/ip.ts';
import type { WgChange } from '../types.ts';

/**
 * `set DEV ...`. One call removes peers and adds the new one: with open AllowedIPs (0.0.0.0/0) a second peer would take them
 * from the first, and between two calls the tunnel would have none.
 */
export function setArguments(dev: string, change: WgChange): string[] {
  const args = ['set', dev];
  if (change.listenPort !== undefined) args.push('listen-port', String(change.listenPort));
  if (change.privateKeyFile !== undefined) args.push('private-key', change.privateKeyFile);
  for (const key of change.removePeers ?? []) args.push('peer', key, 'remove');
  if (change.peer !== undefined) args.push(...peerArguments(change.peer));
  return args;
}

function peerArguments(peer: NonNullable<WgChange['peer']>): string[] {
  const args = ['peer', peer.publicKey];
  // an empty file removes the key (wireguard-tools src/config.c, parse_keyfile)
  if (peer.presharedKeyFile !== undefined) args.push('preshared-key', peer.presharedKeyFile || '/dev/null');
  if (peer.endpoint !== undefined) args.push('endpoint', peer.endpoint);
  if (peer.persistentKeepalive !== undefined) args.push('persistent-keepalive', keepalive(peer.persistentKeepalive));
  if (peer.allowedIPs !== undefined) args.push('allowed-ips', peer.allowedIPs.map(formatPrefix).join(','));
  return args;
}

export const keepalive = (seconds: number): string => (seconds === 0 ? 'off' : String(seconds));

/** Whether `wg set` would have nothing to do. */
export const isEmptyChange = (change: WgChange): boolean => setArguments('', change).length === 2;
