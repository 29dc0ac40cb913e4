// Keeps the last applied state file, for a restart that finds a bad one. It contains no secrets: keys have their own files.
import { readModel } from '../config/read-model.ts';
import { isHostError } from '../host/error.ts';
import type { Files } from '../host/types.ts';
import type { HostEnv, RouterModel } from '../model/types.ts';

export const LAST_GOOD_FILE = '/var/lib/wgospf/state.yaml';

export interface LastGood {
  /** undefined if there is none, or it is no longer valid. Key files are not checked: a bad one fails only its tunnel. */
  load(stateFile: string, env: HostEnv): Promise<RouterModel | undefined>;
  /** whether the kept text is this one */
  holds(text: string): Promise<boolean>;
  /** keeps the text, if it differs from the kept one; ignores a disk that is full or read-only */
  keep(text: string): Promise<void>;
  /** deletes the kept text: `wgospf down` */
  forget(): Promise<void>;
}

export function createLastGood(files: Files, path: string = LAST_GOOD_FILE): LastGood {
  let kept: string | undefined;
  const read = async (): Promise<string | undefined> => {
    try {
      return await files.read(path);
    } catch (error) {
      if (isHostError(error)) return undefined;
      throw error;
    }
  };
  return {
    async load(stateFile, env) {
      kept = await read();
      // read as if it were the state file: relative key files are in the state file's folder
      return kept === undefined ? undefined : readModel(kept, stateFile, env).model;
    },
    async holds(text) {
      kept ??= await read();
      return text === kept;
    },
    forget() {
      kept = undefined;
      return files.remove(path);
    },
    async keep(text) {
      kept ??= await read();
      if (text === kept) return;
      try {
        await files.write(path, text, { mode: 0o600 });
        kept = text;
      } catch (error) {
        if (!isHostError(error)) throw error;
      }
    },
  };
}
