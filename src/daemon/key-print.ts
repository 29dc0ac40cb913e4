// The files that a state file names, and whether their contents changed.
import { isHostError } from '../host/error.ts';
import type { Host } from '../host/types.ts';
import type { RouterModel } from '../model/types.ts';

/** Key files, password files and BIRD snippets that a state file names; a change of one needs a pass. */
export const keyFiles = ({ tunnels, bird }: RouterModel): string[] => [
  ...new Set([
    ...tunnels.flatMap(({ privateKeyFile: own, peer: { presharedKeyFile: psk } }) => [own, ...(psk ? [psk] : [])]),
    ...bird.secrets.map(({ file }) => file),
    ...bird.snippets.map(({ file }) => file),
  ]),
];

/** A text that changes if a key file has another key or a BIRD snippet has another text. It reveals nothing of a private key. */
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
  // only the writer of BIRD's file reads passwords: here the file's modification time is enough
  const secrets = bird.secrets.map(({ file }) => look(async () => String((await files.stat(file))?.mtime)));
  return JSON.stringify([await Promise.all(prints), await Promise.all(secrets), bird.snippets]);
}
