// This router's own keys in the form that a model needs (model/complete.ts).
import { isHostError } from './error.ts';
import type { Keys } from './types.ts';

export interface OwnKey {
  /** base64; undefined if there is no key file, or if it cannot be read: `fault` says why */
  readonly publicKey: string | undefined;
  readonly fault?: string;
}

/** A bad key file is no exception, so that the other tunnels do not wait for it. */
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
