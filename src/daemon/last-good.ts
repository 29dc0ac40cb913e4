// The last state file that was applied, for a restart that finds a bad one. It holds no secrets: keys are files of their own.
import { readModel } from '../config/read-model.ts';
import { isHostError } from '../host/error.ts';
import type { Files } from '../host/types.ts';
import type { HostEnv, RouterModel } from '../model/types.ts';

export const LAST_GOOD_FILE = '/var/lib/wgospf/state.yaml';

export interface LastGood {
  /** undefined where there is none, or it is of no use any more. Key files are not looked at: tunnels fail one by one. */
  load(stateFile: string, env: HostEnv): Promise<RouterModel | undefined>;
  /** whether this is the text kept */
  holds(text: string): Promise<boolean>;
  /** keeps the text, unless it is the one kept already; a disk that is full or read-only is no reason to stop */
  keep(text: string): Promise<void>;
  /** nothing is to be gone on with: `wgospf down` */
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
      // read as if it were the state file: relative key files start from that one's folder
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
