// The IPv6 link-local address of a WireGuard link, which has no MAC to make one from (RFC 4291, 2.5.6; RFC 7136).
// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- a digest has no effect on anything
import { createHash } from 'node:crypto';
import { addressFromBytes } from './ip.ts';
import type { Prefix } from './ip.ts';

/**
 * fe80::/64 and, as interface identifier, the first 8 bytes of the SHA-256 of the public key's 32 bytes: the same after
 * every reboot, different at the far end, and derivable from the key. `publicKey` is base64, as `wg` prints it.
 */
export function linkLocalOf(publicKey: string): Prefix {
  const digest = createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest();
  const bytes = Uint8Array.from([0xfe, 0x80, 0, 0, 0, 0, 0, 0, ...digest.subarray(0, 8)]);
  return { family: 6, address: addressFromBytes(bytes), length: 64 };
}

/** The complete prefix of RFC 4291 (2.4). */
export const LINK_LOCAL: Prefix = { family: 6, address: 'fe80::', length: 10 };

/** fe80::/10 */
export const isLinkLocal = (address: string): boolean => /^fe[89ab][0-9a-f]:/.test(address);
