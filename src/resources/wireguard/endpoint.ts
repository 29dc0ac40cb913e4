// Whether the kernel's endpoint is the one that the file means.
import type { Host, WgPeer } from '../../host/types.ts';
import type { Tunnel } from '../../model/types.ts';
import { canonicalAddress } from '../../net/ip.ts';
import { wantedEndpoint } from './desired.ts';
import { endpointText } from './spec.ts';

/** Seconds after which a session without a handshake counts as gone astray (wireguard-tools contrib/reresolve-dns). */
export const STALE_AFTER = 135;

export interface ObservedEndpoint {
  /** the wanted text where it is met, else the kernel's own */
  readonly text: string;
  /** false where the name was asked for and did not resolve */
  readonly resolved: boolean;
}

/** @param setEndpoint what we set last: while it is what the file says, a live peer may roam */
export async function observedEndpoint(
  peer: WgPeer | undefined,
  tunnel: Tunnel | undefined,
  setEndpoint: string,
  host: Host,
): Promise<ObservedEndpoint> {
  const wanted = tunnel?.peer.endpoint;
  // The listening side learns where its peer is; there is nothing to compare.
  if (tunnel === undefined || wanted === undefined) return { text: '', resolved: true };
  const text = wantedEndpoint(tunnel);
  const have = peer?.endpoint ?? '';
  if (peer === undefined || have === '') return { text: '', resolved: true };
  if (setEndpoint === text && host.handshakeAge(tunnel.name, peer) < STALE_AFTER) return { text, resolved: true };
  const literal = canonicalAddress(wanted.host) !== undefined;
  const addresses = literal ? [wanted.host] : await host.resolveName(wanted.host);
  if (addresses.length === 0) return { text: setEndpoint === text ? text : have, resolved: false };
  const met = addresses.some((address) => endpointText(address, wanted.port) === have);
  return { text: met ? text : have, resolved: true };
}
