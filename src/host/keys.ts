// Key files. What leaves here is a public key or a digest; key text goes to nobody but `wg` (readKeyFile, for setconf).
import { constants } from 'node:fs';
import { link, mkdir, open, unlink } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { isWireguardKey } from '../net/names.ts';
import { hasErrno, hostError } from './errno.ts';
import { HostError } from './error.ts';
import { syncFolder } from './files.ts';
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
  try {
    // O_NONBLOCK: a named pipe without a writer does not hang us
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_SIZE), 0, MAX_SIZE, null);
      const key = buffer.toString('latin1', 0, bytesRead).trim();
      if (isWireguardKey(key)) return key;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return undefined;
    throw hostError(operation, error);
  }
  const detail = 'it does not hold a WireGuard key (32 bytes in base64, as `wg genkey` and `wg genpsk` print)';
  throw new HostError({ operation, code: 'EINVAL', detail });
}

async function generate(path: string): Promise<void> {
  const operation = `make key file ${path}`;
  const folder = dirname(path);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const temporary = join(folder, `.key.${randomBytes(6).toString('hex')}`);
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(`${newPrivateKey()}\n`);
      await file.sync();
      await link(temporary, path); // not rename(2), which would replace a key that is there
    } finally {
      await file.close();
      await unlink(temporary);
    }
    await syncFolder(folder);
  } catch (error) {
    throw hostError(operation, error);
  }
}
