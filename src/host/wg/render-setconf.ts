// Renders a complete device as the text for `wg setconf` (wg(8), CONFIGURATION FILE FORMAT). Pure; the result is secret.
import { formatPrefix } from '../../net/ip.ts';
import type { WgDeviceConfig } from '../types.ts';
import { keepalive } from './set-arguments.ts';

export interface KeyTexts {
  readonly privateKey: string;
  readonly presharedKey: string | undefined;
}

export function renderSetconf({ listenPort, peer }: WgDeviceConfig, keys: KeyTexts): string {
  const lines = [
    '[Interface]',
    `PrivateKey = ${keys.privateKey}`,
    `ListenPort = ${listenPort}`,
    '[Peer]',
    `PublicKey = ${peer.publicKey}`,
    ...(keys.presharedKey === undefined ? [] : [`PresharedKey = ${keys.presharedKey}`]),
    ...(peer.endpoint === undefined ? [] : [`Endpoint = ${peer.endpoint}`]),
    `PersistentKeepalive = ${keepalive(peer.persistentKeepalive)}`,
    // wg refuses an empty `AllowedIPs =`; without the line there are none
    ...(peer.allowedIPs.length === 0 ? [] : [`AllowedIPs = ${peer.allowedIPs.map(formatPrefix).join(', ')}`]),
  ];
  return `${lines.join('\n')}\n`;
}
