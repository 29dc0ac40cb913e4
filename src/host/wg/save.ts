// Saves what only a live device has to a file of root: the private key, which would be lost with the device, or its configuration.
import { readSync } from 'node:fs';
import { HostError, isHostError } from '../error.ts';
import { makeSecret } from '../keys.ts';
import { withFile } from '../open-file.ts';
import { isWireguardKey } from '../../net/names.ts';
import type { SavedPart, Wireguard } from '../wireguard-types.ts';

type Wg = (args: string[]) => Promise<string>;

/** Enough for more than a thousand peers; a longer file is not ours. */
const MAX_SIZE = 1024 * 1024;

const secretsOf = (text: string): string[] =>
  [...text.matchAll(/^(?:Private|Preshared)Key = (\S+)$/gm)].map((m) => m[1] ?? '');

/** @param wg runs wg(8) */
export function createSave(wg: Wg): Wireguard['save'] {
  const savers: Readonly<Record<SavedPart, (dev: string, file: string) => Promise<void>>> = {
    'private-key': async (dev, file) => {
      const operation = `wg show ${dev} private-key > ${file}`;
      const key = (await wg(['show', dev, 'private-key'])).trim();
      if (!isWireguardKey(key))
        throw new HostError({ operation, code: 'ENODATA', detail: `${dev} has no private key` });
      await makeSecret(file, operation, () => key);
    },
    config: async (dev, file) => saveConfig(`wg showconf ${dev} > ${file}`, await wg(['showconf', dev]), file),
  };
  return (dev, what, file) => savers[what](dev, file);
}

/** Keeps an existing copy if it contains every key of this one: a pass that crashed after it made the copy runs again. */
async function saveConfig(operation: string, text: string, file: string): Promise<void> {
  try {
    await makeSecret(file, operation, () => text.trimEnd());
  } catch (error) {
    if (!isHostError(error, 'EEXIST')) throw error;
    const old = secretsOf((await readAll(file, operation)) ?? '');
    if (secretsOf(text).every((key) => old.includes(key))) return;
    const detail = 'a copy of another configuration is there; give that one another name, then apply again';
    throw new HostError({ operation, code: 'EEXIST', detail });
  }
}

const readAll = (path: string, operation: string): Promise<string | undefined> =>
  withFile(path, operation, { secret: true }, (fd) => {
    const text = Buffer.alloc(MAX_SIZE);
    return text.toString('latin1', 0, readSync(fd, text));
  });
