// Curve25519 keys for tests: the same seed text always gives the same key, and the public one is the real one.
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';

/** PKCS #8 header of an X25519 private key (RFC 8410). */
const pkcs8 = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** A private key in WireGuard's base64, clamped as `wg genkey` does. */
export function privateKeyFrom(seed: string): string {
  const key = createHash('sha256').update(`wgospf test key ${seed}`).digest();
  key.writeUInt8(key.readUInt8(0) & 248, 0);
  key.writeUInt8((key.readUInt8(31) & 127) | 64, 31);
  return key.toString('base64');
}

const known = new Map<string, string>();

export function publicKeyFrom(privateKey: string): string {
  const key = known.get(privateKey) ?? derive(privateKey);
  known.set(privateKey, key);
  return key;
}

/** The private key of a public one that was derived here: a device of the fake host keeps only the public one. */
export function privateKeyOf(publicKey: string): string | undefined {
  return [...known].find(([, derived]) => derived === publicKey)?.[0];
}

function derive(privateKey: string): string {
  const der = Buffer.concat([pkcs8, Buffer.from(privateKey, 'base64')]);
  const spki = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })).export({
    format: 'der',
    type: 'spki',
  });
  return spki.subarray(-32).toString('base64');
}
