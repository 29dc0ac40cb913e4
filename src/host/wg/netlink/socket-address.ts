// Converts an endpoint between text (`192.0.2.1:51820`, `[fe80::1%eth0]:51820`) and struct sockaddr_in or sockaddr_in6 (linux/in.h,
// linux/in6.h): the family in host byte order, the port in network byte order.
import { canonicalAddress, familyOf } from '../../../net/ip.ts';
import { AF_INET, AF_INET6 } from '../../rtnetlink/constants.ts';
import { decodeAddress, encodeAddress } from '../../rtnetlink/ip-bytes.ts';

const IN_SIZE = 16;
const IN6_SIZE = 28;

/** The index of an interface by its name, and vice versa; undefined if it does not exist. */
export interface Zones {
  indexOf(name: string): number | undefined;
  nameOf(index: number): string | undefined;
}

const PARTS = /^(?:\[([^\]%]+)(?:%([^\]]+))?\]|([^:[\]]+)):(\d{1,5})$/;

/** The name of the interface in an endpoint's text; undefined if it has none. */
export const zoneOf = (text: string): string | undefined => PARTS.exec(text)?.[2];

/** undefined if the text is not an address and port, or names a missing interface. */
export function encodeSocketAddress(text: string, zones: Pick<Zones, 'indexOf'>): Buffer | undefined {
  const [, inBrackets, zone, bare, port] = PARTS.exec(text) ?? [];
  const address = canonicalAddress(inBrackets ?? bare ?? '');
  if (address === undefined || Number(port) > 0xffff) return undefined;
  const family = familyOf(address);
  if ((family === 6) !== (inBrackets !== undefined)) return undefined;
  const scope = zone === undefined ? 0 : (zones.indexOf(zone) ?? (/^\d+$/.test(zone) ? Number(zone) : undefined));
  if (scope === undefined) return undefined;
  const bytes = Buffer.alloc(family === 4 ? IN_SIZE : IN6_SIZE);
  bytes.writeUInt16LE(family === 4 ? AF_INET : AF_INET6, 0);
  bytes.writeUInt16BE(Number(port), 2);
  bytes.set(encodeAddress(address), family === 4 ? 4 : 8);
  if (family === 6) bytes.writeUInt32LE(scope, 24);
  return bytes;
}

/** The text of the address at `at`, '' if it is invalid. Like getnameinfo(3), adds the interface's name to a link-local address. */
export function decodeSocketAddress(
  bytes: Buffer,
  [at, end]: readonly [number, number],
  { nameOf }: Pick<Zones, 'nameOf'>,
): string {
  const size = end - at;
  const af = size < 2 ? 0 : bytes.readUInt16LE(at);
  if (af === AF_INET && size >= IN_SIZE) return `${decodeAddress(bytes, at + 4, 4)}:${bytes.readUInt16BE(at + 2)}`;
  if (af !== AF_INET6 || size < IN6_SIZE) return '';
  const scope = bytes.readUInt32LE(at + 24);
  const isLinkLocal = (bytes.readUInt16BE(at + 8) & 0xffc0) === 0xfe80;
  const zone = (isLinkLocal ? nameOf(scope) : undefined) ?? String(scope);
  return `[${decodeAddress(bytes, at + 8, 6)}${scope === 0 ? '' : `%${zone}`}]:${bytes.readUInt16BE(at + 2)}`;
}
