// A peer's outer address as wg(8) takes it: NAME:PORT, ADDRESS:PORT or [IPv6]:PORT.
import { canonicalAddress, familyOf } from './ip.ts';

export interface HostPort {
  /** name in lower case, or canonical address without brackets */
  readonly host: string;
  /** 1-65535 */
  readonly port: number;
}

/** Letters, digits, `-` and `_` in labels of at most 63, 253 in all (RFC 1123; `_` as resolvers take it). */
export const isHostName = (text: string): boolean =>
  text.length <= 253 &&
  /^(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?$/.test(text) &&
  !/^[0-9.]+$/.test(text);

/** undefined where the text is not an endpoint: no port, IPv6 without brackets, port 0, an address that is none. */
export function parseEndpoint(text: string): HostPort | undefined {
  const m = /^(?:\[([^\]]+)\]|([^:[\]]+)):([1-9]\d{0,4})$/.exec(text);
  const port = Number(m?.[3]);
  if (m === null || port > 65535) return undefined;
  const address = canonicalAddress(m[1] ?? m[2] ?? '');
  if (address !== undefined) {
    return (familyOf(address) === 6) === (m[1] !== undefined) ? { host: address, port } : undefined;
  }
  const name = m[2];
  return name !== undefined && isHostName(name) ? { host: name.toLowerCase(), port } : undefined;
}

export const formatEndpoint = ({ host, port }: HostPort): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
