// One address for each class of source and destination, chosen so that it is in no other class on this host. Pure.
import { addressBytes, addressFromBytes, bitsOf, contains, type Family, type Prefix } from '../net/ip.ts';

/** Hosts beyond the uplink. */
export const INTERNET: Readonly<Record<Family, readonly string[]>> = {
  4: ['9.9.9.9', '1.1.1.1', '8.8.8.8'],
  6: ['2620:fe::fe', '2606:4700:4700::1111', '2001:4860:4860::8888'],
};
/** Hosts of private networks (RFC 1918, RFC 6598, RFC 4193): a default route would forward them too. */
export const BOGONS: Readonly<Record<Family, readonly string[]>> = {
  4: ['10.255.255.254', '172.31.255.254', '192.168.255.254', '100.127.255.254'],
  6: ['fdff:ffff:ffff:ffff::1', 'fcff:ffff:ffff:ffff::1'],
};
/** RFC 3927. IPv6 link-local addresses belong to one link, and the kernel forwards none (ip6_forward). */
export const LINK_LOCAL = '169.254.255.253';

/** The address with `by` added to its last byte, modulo 256. */
export function shifted(address: string, by: number): string {
  const bytes = addressBytes(address);
  const last = bytes.length - 1;
  bytes[last] = ((bytes[last] ?? 0) + by + 256) % 256;
  return addressFromBytes(bytes);
}

/** Another host in the network of an interface; undefined if the network has only one address. */
export function neighbourOf(prefix: Prefix): string | undefined {
  return [1, -1, 2].map((by) => shifted(prefix.address, by)).find((a) => contains(prefix, a) && a !== prefix.address);
}

/** A host of the network that is not this router; not the network or broadcast address, if the network has them. */
export function hostOf(dst: Prefix, own: ReadonlySet<string>): string | undefined {
  const alone = bitsOf(dst.family) - dst.length < 2;
  const hosts = (alone ? [0, 1] : [1, 2]).map((by) => shifted(dst.address, by));
  return hosts.find((a) => contains(dst, a) && !own.has(a));
}
