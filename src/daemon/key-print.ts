// The files that a state file names, and whether what is in them changed.
import { isHostError } from '../host/error.ts';
import type { Host } from '../host/types.ts';
import type { RouterModel } from '../model/types.ts';

/** Key files, files of passwords, and snippets of BIRD's: what a state file names, and a change of which is news. */
export const keyFiles = ({ tunnels, bird }: RouterModel): string[] => [
  ...new Set([
    ...tunnels.flatMap(({ privateKeyFile: own, peer: { presharedKeyFile: psk } }) => [own, ...(psk ? [psk] : [])]),
    ...bird.secrets.map(({ file }) => file),
    ...bird.snippets.map(({ file }) => file),
  ]),
];

/** Tells whether a key file holds another key than before, or a snippet of BIRD's another text, and nothing of a key. */
export async function keyPrint(
  { tunnels, bird }: RouterModel,
  { keys, files }: Pick<Host, 'files' | 'keys'>,
): Promise<string> {
  const look = async (read: () => Promise<string | undefined>): Promise<string> => {
    try {
      return (await read()) ?? '';
    } catch (error) {
      if (isHostError(error)) return error.code;
      throw error;
    }
  };
  const prints = tunnels.map(async ({ privateKeyFile, peer: { presharedKeyFile: psk } }) => [
    await look(() => keys.publicKeyOf(privateKeyFile)),
    psk === undefined ? '' : await look(() => keys.digestOf(psk)),
  ]);
  // a password is read by who writes it for BIRD: that its file was written again is enough here
  const secrets = bird.secrets.map(({ file }) => look(async () => String((await files.stat(file))?.mtime)));
  return JSON.stringify([await Promise.all(prints), await Promise.all(secrets), bird.snippets]);
}
