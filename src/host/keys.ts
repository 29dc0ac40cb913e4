// Key files. What leaves here is a public key or a digest; key text goes to nobody but `wg` (readKeyFile, for setconf).
import { link } from 'node:fs/promises';
import { isWireguardKey } from '../net/names.ts';
import { hostError } from './errno.ts';
import { HostError } from './error.ts';
import { expectRoots, withFile } from './open-file.ts';
import { makeFile, removeAll, syncFolder, withTemporary } from './replace-file.ts';
import { at, withEntry, type Entry } from './safe-path.ts';
import { derivePublicKey, keyDigest, newPrivateKey } from './wg/key.ts';
import type { Keys } from './types.ts';

/** A key is 44 characters and a line feed; what is longer than this is another file. */
const MAX_SIZE = 1024;

export function createKeys(): Keys {
  return {
    publicKeyOf: async (file) => map(await readKeyFile(file), derivePublicKey),
    digestOf: async (file) => map(await readKeyFile(file), keyDigest),
    generate,
  };
}

const map = (key: string | undefined, f: (key: string) => string): string | undefined =>
  key === undefined ? undefined : f(key);

/** The key text in a file, undefined where it is missing. For src/host alone: the text must not travel further. */
export async function readKeyFile(path: string): Promise<string | undefined> {
  const operation = `read key file ${path}`;
  return withFile(path, operation, { secret: true }, async (file) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_SIZE), 0, MAX_SIZE, null);
    const key = buffer.toString('latin1', 0, bytesRead).trim();
    if (isWireguardKey(key)) return key;
    const detail = 'it does not hold a WireGuard key (32 bytes in base64, as `wg genkey` and `wg genpsk` print)';
    throw new HostError({ operation, code: 'EINVAL', detail });
  });
}

async function generate(path: string): Promise<void> {
  try {
    await withEntry(path, { make: 0o700 }, makeKey);
  } catch (error) {
    throw hostError(`make key file ${path}`, error);
  }
}

async function makeKey(entry: Entry): Promise<void> {
  const { folder, name } = entry;
  expectRoots(entry, undefined);
  await withTemporary(folder, name, async (temporary) => {
    await makeFile(at(folder, temporary), { text: `${newPrivateKey()}\n`, mode: 0o600, owner: undefined });
    await link(at(folder, temporary), at(folder, name)); // not rename(2), which would replace a key that is there
    await removeAll(folder, [temporary]);
  });
  await syncFolder(at(folder, '.'));
}
