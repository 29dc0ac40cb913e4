// Key files. Returns only public keys and digests; the key itself goes only to WireGuard (readKeyFile).
import { fstatSync, readSync } from 'node:fs';
import { link } from 'node:fs/promises';
import { KEY_FORMS, keyForm } from '../net/key-form.ts';
import { systemClock } from './clock.ts';
import { hostError } from './errno.ts';
import { HostError } from './error.ts';
import { expectRoots, withFile } from './open-file.ts';
import { makeFile, removeAll, syncFolder, withTemporary } from './replace-file.ts';
import { at, withEntry, type Entry } from './safe-path.ts';
import { decodeKey, derivePublicKey, keyDigest, newPrivateKey } from './wg/key.ts';
import type { Keys } from './types.ts';

/** A key is 44 characters and a line feed; in a configuration file the key is near the beginning. */
const MAX_SIZE = 64 * 1024;
/** The content of a file while it is read; overwritten at once. */
const read = Buffer.alloc(MAX_SIZE);

export function createKeys(ticks: () => number = systemClock.ticks): Keys {
  return { publicKeyOf: remembered(derivePublicKey, ticks), digestOf: remembered(keyDigest, ticks), generate };
}

/** Longer than one tick of the clock of file times: a file that is written twice in one tick keeps the same times. */
const TICK_MS = 1_000;

interface Known {
  readonly file: string;
  readonly result: string;
  /** time of the first read, in ticks */
  readonly since: number;
  /** it was read again more than TICK_MS later */
  readonly settled: boolean;
}

/** Remembers the result of `f` for the key in a file. Does not read the key again while the file is the same. */
function remembered(f: (key: Buffer) => string, ticks: () => number): (path: string) => Promise<string | undefined> {
  const known = new Map<string, Known>();
  return (path) =>
    withKeyFile(path, (fd, readKey) => {
      const { dev, ino, size, mtimeNs, ctimeNs } = fstatSync(fd, { bigint: true });
      const file = [dev, ino, size, mtimeNs, ctimeNs].join(' ');
      const before = known.get(path)?.file === file ? known.get(path) : undefined;
      if (before?.settled === true) return before.result;
      const key = readKey();
      const result = f(key);
      key.fill(0);
      const now = ticks();
      known.set(path, { file, result, since: before?.since ?? now, settled: now - (before?.since ?? now) > TICK_MS });
      return result;
    });
}

/**
 * The 32 bytes of the key in a file; undefined if the file is missing. Only for src/host: the key must not leave it, and the
 * caller overwrites the bytes.
 */
export const readKeyFile = (path: string): Promise<Buffer | undefined> => withKeyFile(path, (_, readKey) => readKey());

function withKeyFile<T>(path: string, use: (fd: number, readKey: () => Buffer) => T): Promise<T | undefined> {
  const operation = `read key file ${path}`;
  return withFile(path, operation, { secret: true }, (fd) => use(fd, () => keyIn(fd, operation)));
}

function keyIn(fd: number, operation: string): Buffer {
  const text = read.subarray(0, readSync(fd, read));
  const key = decodeKey(text);
  const form = key === undefined ? keyForm(text.toString('latin1')) : undefined;
  text.fill(0);
  if (key !== undefined) return key;
  if (form !== undefined) throw new HostError({ operation, code: form, detail: KEY_FORMS[form] });
  const detail = 'it does not hold a WireGuard key (32 bytes in base64, as `wg genkey` and `wg genpsk` print)';
  throw new HostError({ operation, code: 'EINVAL', detail });
}

const generate = (path: string): Promise<void> => makeSecret(path, `make key file ${path}`, newPrivateKey);

/** Makes a file of mode 0600, completely or not at all, never over an existing file; missing folders 0700. Only for src/host. */
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
    await link(at(folder, temporary), at(folder, name)); // not rename(2), which would replace an existing key
    await removeAll(folder, [temporary]);
  });
  await syncFolder(at(folder, '.'));
}
