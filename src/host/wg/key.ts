// Curve25519 keys as WireGuard writes them: 32 bytes in base64. Pure; `wg genkey` and `wg pubkey` without a fork.
import { createHash, createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';

/** PKCS #8 header of an X25519 private key (RFC 8410, section 7); the 32 bytes follow. */
const PKCS8_X25519 = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** A new private key, clamped as `wg genkey` does (RFC 7748, section 5). */
export function newPrivateKey(): string {
  const bytes = randomBytes(32);
  bytes[0] = (bytes[0] ?? 0) & 248;
  bytes[31] = ((bytes[31] ?? 0) & 127) | 64;
  return bytes.toString('base64');
}

/** `wg pubkey` of a key that isWireguardKey() accepts. */
export function derivePublicKey(privateKey: string): string {
  const der = Buffer.concat([PKCS8_X25519, Buffer.from(privateKey, 'base64')]);
  const key = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64');
}

/** SHA-256 hex of a preshared key's 32 bytes; '' for the key of zeros, which is none to WireGuard. */
export function keyDigest(key: string): string {
  const bytes = Buffer.from(key, 'base64');
  return bytes.every((b) => b === 0) ? '' : createHash('sha256').update(bytes).digest('hex');
}
