// Value types for IP addresses and prefixes. Text is always canonical (RFC 5952 for IPv6), so equality is `===`.
import ipaddr from 'ipaddr.js';

export type Family = 4 | 6;

/** An IP prefix; `address` keeps host bits where it is an interface address (`10.69.12.134/16`). */
export interface Prefix {
  readonly family: Family;
  /** canonical text */
  readonly address: string;
  /** 0-32 or 0-128 */
  readonly length: number;
}

const V4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/** Canonical text of an address, or undefined. Refuses `10.1`, octal and zone ids, which inet_aton would take. */
export function canonicalAddress(text: string): string | undefined {
  if (V4.test(text)) {
    return !/(^|\.)0\d/.test(text) && text.split('.').every((byte) => Number(byte) < 256) ? text : undefined;
  }
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  return ipaddr.IPv6.parse(text).toRFC5952String();
}

export function familyOf(address: string): Family {
  return address.includes(':') ? 6 : 4;
}

export const bitsOf = (family: Family): 32 | 128 => (family === 4 ? 32 : 128);

/** Parses `ADDRESS/LENGTH`; undefined where it is not one. A bare address is not a prefix. */
export function parsePrefix(text: string): Prefix | undefined {
  const m = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(text);
  const address = m?.[1] === undefined ? undefined : canonicalAddress(m[1]);
  if (address === undefined) return undefined;
  const length = Number(m?.[2]);
  const family = familyOf(address);
  return length <= bitsOf(family) ? { family, address, length } : undefined;
}

export const formatPrefix = (p: Prefix): string => `${p.address}/${p.length}`;

/** A full-length prefix of one address. */
export function hostPrefix(address: string): Prefix {
  const family = familyOf(address);
  return { family, address, length: bitsOf(family) };
}

/** Network byte order: 4 or 16 bytes. */
export function addressBytes(address: string): Uint8Array {
  if (familyOf(address) === 6) return Uint8Array.from(ipaddr.IPv6.parse(address).toByteArray());
  const bits = bitsOfV4(address);
  return Uint8Array.of(bits >>> 24, bits >>> 16, bits >>> 8, bits);
}

export function addressFromBytes(bytes: Uint8Array): string {
  return bytes.length === 4 ? bytes.join('.') : new ipaddr.IPv6([...bytes]).toRFC5952String();
}

/** Of canonical text, and digit by digit: the leak check asks this some ten thousand times a pass. */
function bitsOfV4(address: string): number {
  let [bits, byte] = [0, 0];
  for (let i = 0; i < address.length; i++) {
    const code = address.charCodeAt(i);
    if (code === 46) [bits, byte] = [(bits << 8) | byte, 0];
    else byte = byte * 10 + code - 48;
  }
  return (bits << 8) | byte;
}

function masked(bytes: Uint8Array, length: number, fill: 0 | 255): Uint8Array {
  return bytes.map((b, i) => {
    const keep = Math.min(8, Math.max(0, length - i * 8));
    const mask = (0xff << (8 - keep)) & 0xff;
    return (b & mask) | (fill & ~mask & 0xff);
  });
}

/** The prefix with its host bits cleared: 10.70.89.1/31 -> 10.70.89.0/31. */
export function networkOf(p: Prefix): Prefix {
  return { ...p, address: addressFromBytes(masked(addressBytes(p.address), p.length, 0)) };
}

/** The last address of the prefix (IPv4: its broadcast address where the length is under 31). */
export function lastOf(p: Prefix): string {
  return addressFromBytes(masked(addressBytes(p.address), p.length, 255));
}

export const hasHostBits = (p: Prefix): boolean => networkOf(p).address !== p.address;

export function contains(outer: Prefix, address: string): boolean {
  if (outer.family !== familyOf(address)) return false;
  if (outer.family === 4)
    return outer.length === 0 || (bitsOfV4(outer.address) ^ bitsOfV4(address)) >>> (32 - outer.length) === 0;
  const [network, host] = [addressBytes(outer.address), addressBytes(address)];
  const fullBytes = outer.length >> 3;
  for (let i = 0; i < fullBytes; i++) if (network[i] !== host[i]) return false;
  const rest = outer.length & 7;
  return rest === 0 || ((network[fullBytes] ?? 0) ^ (host[fullBytes] ?? 0)) >> (8 - rest) === 0;
}

export const containsPrefix = (outer: Prefix, inner: Prefix): boolean =>
  outer.length <= inner.length && contains(outer, inner.address);

export const overlaps = (a: Prefix, b: Prefix): boolean => containsPrefix(a, b) || containsPrefix(b, a);

/** The other end of a /31 (RFC 3021), a /127 (RFC 6164) or the other host of a /30; undefined where it does not follow. */
export function farAddress(p: Prefix): string | undefined {
  const bytes = addressBytes(p.address);
  const last = bytes.length - 1;
  const own = bytes[last] ?? 0;
  if (p.length === bitsOf(p.family) - 1) bytes[last] = own ^ 1;
  else if (p.family === 4 && p.length === 30 && ((own & 3) === 1 || (own & 3) === 2)) bytes[last] = own ^ 3;
  else return undefined;
  return addressFromBytes(bytes);
}
