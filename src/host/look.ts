// Own keys as a model takes them (model/complete.ts).
import { isHostError } from './error.ts';
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
