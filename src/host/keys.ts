// Key files. What leaves here is a public key or a digest; a key goes to nobody but WireGuard (readKeyFile).
import { link } from 'node:fs/promises';
import { KEY_FORMS, keyForm } from '../net/key-form.ts';
import { hostError } from './errno.ts';
import { HostError } from './error.ts';
import { expectRoots, withFile } from './open-file.ts';
import { makeFile, removeAll, syncFolder, withTemporary } from './replace-file.ts';
import { at, withEntry, type Entry } from './safe-path.ts';
import { decodeKey, derivePublicKey, keyDigest, newPrivateKey } from './wg/key.ts';
import type { Keys } from './types.ts';

/** A key is 44 characters and a line feed; of a configuration file the key is near its beginning. */
const MAX_SIZE = 64 * 1024;

export function createKeys(): Keys {
  return {
    publicKeyOf: async (file) => map(await readKeyFile(file), derivePublicKey),
    digestOf: async (file) => map(await readKeyFile(file), keyDigest),
    generate,
  };
}

function map(key: Buffer | undefined, f: (key: Buffer) => string): string | undefined {
  const result = key && f(key);
  key?.fill(0);
  return result;
}

/**
 * The 32 bytes of the key in a file, undefined where it is missing. For src/host alone: it must not travel further, and whoever
 * has it overwrites it.
 */
export async function readKeyFile(path: string): Promise<Buffer | undefined> {
  const operation = `read key file ${path}`;
  return withFile(path, operation, { secret: true }, async (file) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_SIZE), 0, MAX_SIZE, null);
    const text = buffer.subarray(0, bytesRead);
    const key = decodeKey(text);
    const form = key === undefined ? keyForm(text.toString('latin1')) : undefined;
    text.fill(0);
    if (key !== undefined) return key;
    if (form !== undefined) throw new HostError({ operation, code: form, detail: KEY_FORMS[form] });
    const detail = 'it does not hold a WireGuard key (32 bytes in base64, as `wg genkey` and `wg genpsk` print)';
    throw new HostError({ operation, code: 'EINVAL', detail });
  });
}

const generate = (path: string): Promise<void> => makeSecret(path, `make key file ${path}`, newPrivateKey);

/** A new file of mode 0600, whole or not at all, never over one that is there; its folder 0700. For src/host alone. */
export async function makeSecret(path: string, operation: string, text: () => string): Promise<void> {
  try {
    await withEntry(path, { make: 0o700 }, (entry) => makeFileOf(entry, `${text()}\n`));
  } catch (error) {
    throw hostError(operation, error);
  }
}

async function makeFileOf(entry: Entry, text: string): Promise<void> {
  const { folder, name } = entry;
  expectRoots(entry, undefined);
  await withTemporary(folder, name, async (temporary) => {
    await makeFile(at(folder, temporary), { text, mode: 0o600, owner: undefined });
    await link(at(folder, temporary), at(folder, name)); // not rename(2), which would replace a key that is there
    await removeAll(folder, [temporary]);
  });
  await syncFolder(at(folder, '.'));
}
