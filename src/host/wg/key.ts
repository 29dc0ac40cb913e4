// Curve25519 keys in WireGuard's form: 32 bytes in base64. Pure; does `wg genkey` and `wg pubkey` without a fork.
import { createHash, createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';

/** PKCS #8 header of an X25519 private key (RFC 8410, section 7); the 32 bytes follow. */
const PKCS8_X25519 = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** A new private key, clamped like that of `wg genkey` (RFC 7748, section 5). */
export function newPrivateKey(): string {
  const bytes = randomBytes(32);
  bytes[0] = (bytes[0] ?? 0) & 248;
  bytes[31] = ((bytes[31] ?? 0) & 127) | 64;
  return bytes.toString('base64');
}

const bytesOf = (key: string | Uint8Array): Uint8Array => (typeof key === 'string' ? Buffer.from(key, 'base64') : key);

/** `wg pubkey` of a key that isWireguardKey() accepts, or of its bytes. */
export function derivePublicKey(privateKey: string | Uint8Array): string {
  const der = Buffer.concat([PKCS8_X25519, bytesOf(privateKey)]);
  const key = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  der.fill(0);
  return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64');
}

/** SHA-256 hex of a preshared key's 32 bytes; '' for a key of zeros, which means no key for WireGuard. */
export function keyDigest(key: string | Uint8Array): string {
  const bytes = bytesOf(key);
  return bytes.every((b) => b === 0) ? '' : createHash('sha256').update(bytes).digest('hex');
}

const ALPHABET = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const BASE64_SIZE = 44;
const isSpace = (byte: number | undefined): boolean =>
  byte !== undefined && (byte === 0x20 || (byte >= 9 && byte <= 13) || byte === 0xa0);

/**
 * The 32 bytes of the only key in a text, with white space around it; undefined if the text contains anything else. Makes no
 * string, because a string cannot be overwritten. Accepts the same keys as isWireguardKey().
 */
export function decodeKey(text: Uint8Array): Buffer | undefined {
  let [start, end] = [0, text.length];
  while (isSpace(text[start])) start++;
  while (end > start && isSpace(text[end - 1])) end--;
  if (end - start !== BASE64_SIZE || text[end - 1] !== 0x3d) return undefined;
  const key = Buffer.alloc(32);
  let [bits, held, size] = [0, 0, 0];
  for (let at = start; at < end - 1; at++) {
    const digit = ALPHABET.indexOf(text[at] ?? 0);
    if (digit < 0) break;
    bits = ((bits << 6) | digit) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    key[size++] = (bits >> held) & 0xff;
  }
  // the last digit has two excess bits, which must be zero
  if (size === 32 && (bits & 3) === 0) return key;
  key.fill(0);
  return undefined;
}
