// The host for `check` by an ordinary user: key files that only root may read count as right.
import { isHostError } from '../host/error.ts';
import type { Files, Host, Keys } from '../host/types.ts';

async function unless<T>(refused: T, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (isHostError(error, 'EACCES')) return refused;
    throw error;
  }
}

export interface Checkable {
  readonly files: Files;
  readonly publicKeyOf: Keys['publicKeyOf'];
}

/** The state file itself is read as usual: if it cannot be read, that is an error. */
export function asOrdinaryUser({ files, keys }: Host, stateFile: string): Checkable {
  const hidden = { mode: 0o600, uid: 0, gid: 0, size: 0, mtime: 0 };
  return {
    files: {
      ...files,
      stat: (path) => (path === stateFile ? files.stat(path) : unless(hidden, () => files.stat(path))),
    },
    publicKeyOf: (file) => unless(undefined, () => keys.publicKeyOf(file)),
  };
}
