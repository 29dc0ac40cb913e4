// What a model takes from the host's present state (model/complete.ts).
import { isHostError } from './error.ts';
import { hostIn } from './place.ts';
import { acceptsRa } from './router-advertisements.ts';
import { readSnippets, type Snippet } from './snippets.ts';
import type { HostReader } from './reader.ts';
import type { Keys } from './types.ts';

export interface OwnKey {
  /** base64; undefined where there is no key file, or `fault` says why it cannot be read */
  readonly publicKey: string | undefined;
  readonly fault?: string;
}

/** One bad key file is no reason for the other tunnels to wait. */
export const ownKeys =
  (publicKeyOf: Keys['publicKeyOf']) =>
  async (file: string): Promise<OwnKey> => {
    try {
      return { publicKey: await publicKeyOf(file) };
    } catch (error) {
      if (isHostError(error)) return { publicKey: undefined, fault: error.message };
      throw error;
    }
  };

/** Its file is missing, and is made of the key that the device has: so all that follows from it stays, too. */
async function liveKey(host: HostReader, tunnel: string, place: string): Promise<OwnKey> {
  const there = (await hostIn(host, place)) ?? host;
  const [device] = await there.wg.devices([tunnel]);
  return { publicKey: device?.publicKey || undefined };
}

export const lookAt = (
  host: HostReader,
): {
  readonly ownKey: (file: string, tunnel: string, place: string) => Promise<OwnKey>;
  readonly acceptsRa: () => Promise<string[]>;
  readonly snippets: (pattern: string) => Promise<Snippet[]>;
} => ({
  ownKey: async (file, tunnel, place) => {
    const own = await ownKeys((path) => host.keys.publicKeyOf(path))(file);
    return own.publicKey === undefined && own.fault === undefined ? liveKey(host, tunnel, place) : own;
  },
  acceptsRa: () => acceptsRa(host),
  snippets: (pattern) => readSnippets(host.files, pattern),
});
