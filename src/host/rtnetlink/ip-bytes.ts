// Converts IP addresses between the bytes of a netlink attribute and canonical text, without the cost of a general parser: a
// dump of a full mesh table has thousands.
import { addressBytes, type Family } from '../../net/ip.ts';
import { AF_INET, AF_INET6 } from './constants.ts';

export const addressFamily = (family: Family): number => (family === 4 ? AF_INET : AF_INET6);

/** undefined for AF_UNSPEC, bridges, multicast routing and so on, which wgospf does not read */
export function familyOf(af: number | undefined): Family | undefined {
  if (af === AF_INET) return 4;
  return af === AF_INET6 ? 6 : undefined;
}

export const addressSize = (family: Family): number => (family === 4 ? 4 : 16);

/** Network byte order. */
export function encodeAddress(address: string): Uint8Array {
  return address.includes(':') ? addressBytes(address) : Uint8Array.from(address.split('.'), Number);
}

/** Canonical text (RFC 5952 for IPv6) of the 4 or 16 bytes at `at`. */
export function decodeAddress(bytes: Buffer, at: number, family: Family): string {
  if (family === 6) return decodeIPv6(bytes, at);
  const word = bytes.readUInt32BE(at);
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

/** RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups is `::`. */
function decodeIPv6(bytes: Buffer, at: number): string {
  let bestStart = 8;
  let bestLength = 1;
  let length = 0;
  for (let group = 0; group < 8; group++) {
    length = bytes.readUInt16BE(at + group * 2) === 0 ? length + 1 : 0;
    if (length > bestLength) {
      bestLength = length;
      bestStart = group + 1 - length;
    }
  }
  if (bestStart === 8) return groups(bytes, at, 0, 8);
  return `${groups(bytes, at, 0, bestStart)}::${groups(bytes, at, bestStart + bestLength, 8)}`;
}

function groups(bytes: Buffer, at: number, from: number, to: number): string {
  let text = '';
  for (let group = from; group < to; group++) {
    text += (group === from ? '' : ':') + bytes.readUInt16BE(at + group * 2).toString(16);
  }
  return text;
}
