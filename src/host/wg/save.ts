// What only a live device has as yet, into a file of root's: the key that would be lost with it, or all of its configuration.
import { readSync } from 'node:fs';
import { HostError, isHostError } from '../error.ts';
import { makeSecret } from '../keys.ts';
import { withFile } from '../open-file.ts';
import { isWireguardKey } from '../../net/names.ts';
import type { SavedPart, Wireguard } from '../wireguard-types.ts';

type Wg = (args: string[]) => Promise<string>;

/** A device has a thousand peers at most that anybody saw; a file that is longer is none of ours. */
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

/** A copy from before stays where it has every key of this one: a pass that died after it was made runs again. */
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
