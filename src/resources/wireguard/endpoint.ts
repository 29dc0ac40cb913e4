// Whether the kernel's endpoint is the one of the state file.
import type { HostReader } from '../../host/reader.ts';
import type { WgPeer } from '../../host/types.ts';
import type { Tunnel } from '../../model/types.ts';
import { canonicalAddress, contains, type Prefix } from '../../net/ip.ts';
import { wantedEndpoint } from './desired.ts';
import { endpointText, notedEndpoint } from './spec.ts';

/** Seconds without a handshake after which a session counts as stale (wireguard-tools contrib/reresolve-dns). */
export const STALE_AFTER = 135;

export interface ObservedEndpoint {
  /** the wanted text if the kernel's endpoint is right, or else the kernel's own */
  readonly text: string;
  /** false if the last attempt to resolve the name failed */
  readonly resolved: boolean;
}

/** The addresses of a name that a tunnel may use: with one inside the mesh, it would run through itself. */
export const usableAddresses = (addresses: readonly string[], mesh: readonly Prefix[]): string[] =>
  addresses.filter((address) => !mesh.some((prefix) => contains(prefix, address)));

export interface EndpointQuestion {
  readonly peer: WgPeer | undefined;
  readonly tunnel: Tunnel | undefined;
  /** the endpoint that we set last: while it equals the file's, a live peer may roam */
  readonly setEndpoint: string;
  readonly mesh: readonly Prefix[];
}

export async function observedEndpoint(
  { peer, tunnel, setEndpoint, mesh }: EndpointQuestion,
  host: HostReader,
): Promise<ObservedEndpoint> {
  const wanted = tunnel?.peer.endpoint;
  // Without an endpoint the device learns the address of its peer; there is nothing to compare.
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
