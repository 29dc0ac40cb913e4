// Whether the kernel's endpoint is the one that the file means.
import type { HostReader } from '../../host/reader.ts';
import type { WgPeer } from '../../host/types.ts';
import type { Tunnel } from '../../model/types.ts';
import { canonicalAddress, contains, type Prefix } from '../../net/ip.ts';
import { wantedEndpoint } from './desired.ts';
import { endpointText, notedEndpoint } from './spec.ts';

/** Seconds after which a session without a handshake counts as gone astray (wireguard-tools contrib/reresolve-dns). */
export const STALE_AFTER = 135;

export interface ObservedEndpoint {
  /** the wanted text where it is met, else the kernel's own */
  readonly text: string;
  /** false where the name did not resolve when it was asked for last */
  readonly resolved: boolean;
}

/** Those of a name's addresses that a tunnel may call: by one inside the mesh it would run through itself. */
export const usableAddresses = (addresses: readonly string[], mesh: readonly Prefix[]): string[] =>
  addresses.filter((address) => !mesh.some((prefix) => contains(prefix, address)));

export interface EndpointQuestion {
  readonly peer: WgPeer | undefined;
  readonly tunnel: Tunnel | undefined;
  /** what we set last: while it is what the file says, a live peer may roam */
  readonly setEndpoint: string;
  readonly mesh: readonly Prefix[];
}

export async function observedEndpoint(
  { peer, tunnel, setEndpoint, mesh }: EndpointQuestion,
  host: HostReader,
): Promise<ObservedEndpoint> {
  const wanted = tunnel?.peer.endpoint;
  // The listening side learns where its peer is; there is nothing to compare.
  if (tunnel === undefined || wanted === undefined) return { text: '', resolved: true };
  const text = wantedEndpoint(tunnel);
  const have = peer?.endpoint ?? '';
  const isNoted = setEndpoint === notedEndpoint(text);
  if (peer === undefined) return { text: '', resolved: true };
  const literal = canonicalAddress(wanted.host) !== undefined;
  const resolved = literal || host.nameFails?.(wanted.host) !== true;
  if (have !== '' && isNoted && host.handshakeAge(tunnel.name, peer) < STALE_AFTER) return { text, resolved };
  const addresses = literal ? [wanted.host] : await host.resolveName(wanted.host, tunnel.name);
  if (addresses.length === 0) return { text: have !== '' && isNoted ? text : have, resolved: false };
  const usable = literal ? addresses : usableAddresses(addresses, mesh);
  const met = usable.some((address) => endpointText(address, wanted.port) === have);
  return { text: met ? text : have, resolved };
}
