// What a model takes from the host's present state (model/complete.ts).
import { isHostError } from './error.ts';
import { acceptsRa } from './router-advertisements.ts';
import { readSnippets, type Snippet } from './snippets.ts';
import type { Host, Keys } from './types.ts';

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

export const lookAt = (
  host: Host,
): {
  readonly ownKey: (file: string) => Promise<OwnKey>;
  readonly acceptsRa: () => Promise<string[]>;
  readonly snippets: (pattern: string) => Promise<Snippet[]>;
} => ({
  ownKey: ownKeys((file) => host.keys.publicKeyOf(file)),
  acceptsRa: () => acceptsRa(host),
  snippets: (pattern) => readSnippets(host.files, pattern),
});
