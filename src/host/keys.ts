// Key files. What leaves here is a public key or a digest; a key goes to nobody but WireGuard (readKeyFile).
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

/** A key is 44 characters and a line feed; of a configuration file the key is near its beginning. */
const MAX_SIZE = 64 * 1024;
/** What a file holds while it is read; overwritten at once. */
const read = Buffer.alloc(MAX_SIZE);

export function createKeys(ticks: () => number = systemClock.ticks): Keys {
  return { publicKeyOf: remembered(derivePublicKey, ticks), digestOf: remembered(keyDigest, ticks), generate };
}

/** Longer than a tick of the clock that file times are taken from: what is written twice in one has the same times. */
const TICK_MS = 1_000;

interface Known {
  readonly file: string;
  readonly result: string;
  /** when it was read first */
  readonly since: number;
  /** it was read again, later than a tick */
  readonly settled: boolean;
}

/** What follows from the key in a file. As long as that is the same file, the key is not read again. */
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
 * The 32 bytes of the key in a file, undefined where it is missing. For src/host alone: it must not travel further, and whoever
 * has it overwrites it.
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
