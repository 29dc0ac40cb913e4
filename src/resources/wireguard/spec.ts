// A WireGuard device and its one peer, without secrets: key files stand for keys.
import type { RouterModel } from '../../model/types.ts';
import { fnv1a } from '../../net/fnv1a.ts';
import { formatPrefix, type Prefix } from '../../net/ip.ts';
import { LINK_MARK } from '../../net/names.ts';

export interface WireguardSpec {
  readonly dev: string;
  /** the file whose key the device has; OTHER_KEY if it has another key, '' if it has none */
  readonly privateKeyFile: string;
  readonly listenPort: number;
  /** public keys; a device of ours has exactly one */
  readonly peers: readonly string[];
  /** '' for none */
  readonly presharedKeyFile: string;
  /** `HOST:PORT` as in the state file, or the kernel's own if that differs; '' for none */
  readonly endpoint: string;
  /** the endpoint that we set last, from the link's alias (notedEndpoint); '' for none */
  readonly setEndpoint: string;
  readonly persistentKeepalive: number;
  readonly allowedIPs: readonly Prefix[];
  /** how a new device gets its configuration; not compared */
  readonly setup: RouterModel['wireguard']['setup'];
  /** prefixes where no endpoint may be, because the tunnel would run through itself; not compared */
  readonly meshPrefixes: readonly Prefix[];
}

export const OTHER_KEY = '(another key)';

export const wireguardKey = ({ dev }: WireguardSpec): string => dev;

export const allowedText = (prefixes: readonly Prefix[]): string => prefixes.map(formatPrefix).sort().join(',');

/** The fields of a peer, which are set together with it. */
export const PEER_FIELDS = ['presharedKey', 'endpoint', 'persistentKeepalive', 'allowedIPs'] as const;
export type WireguardField = 'privateKey' | 'listenPort' | 'peer' | 'setEndpoint' | (typeof PEER_FIELDS)[number];

export function wireguardFields(spec: WireguardSpec): Record<WireguardField, string> {
  return {
    privateKey: spec.privateKeyFile,
    listenPort: String(spec.listenPort),
    peer: spec.peers.join(','),
    presharedKey: spec.presharedKeyFile,
    endpoint: spec.endpoint,
    setEndpoint: spec.setEndpoint,
    persistentKeepalive: String(spec.persistentKeepalive),
    allowedIPs: allowedText(spec.allowedIPs),
  };
}

/** `[2001:db8::1]:51820`, `vpn.example.net:51820` */
export const endpointText = (host: string, port: number): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

const NOTE = `${LINK_MARK} endpoint `;
/** linux/if.h, IFALIASZ, without the zero byte at its end; a DNS name may have 253 */
const MAX_ALIAS = 255;
const KEPT = 160;

/** The note of an endpoint: the endpoint itself, or its beginning and a hash if it is too long for an alias. */
export const notedEndpoint = (endpoint: string): string =>
  NOTE.length + endpoint.length <= MAX_ALIAS ? endpoint : `${endpoint.slice(0, KEPT)}~${fnv1a(endpoint)}`;

/**
 * If the peer roams, the kernel's endpoint is right and the file's is not; but an endpoint that was edited in the file must be set at
 * once. The link's alias shows which of the two happened: it has the endpoint that we set last.
 */
export const aliasFor = (endpoint: string): string =>
  endpoint === '' ? LINK_MARK : `${NOTE}${notedEndpoint(endpoint)}`;
export const endpointOf = (alias: string): string => (alias.startsWith(NOTE) ? alias.slice(NOTE.length) : '');
