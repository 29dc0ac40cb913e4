// `bird -p -c FILE`: BIRD's parser on a file, without a daemon.
import { resolve } from 'node:path';
import { isHostError } from '../error.ts';
import { exitStatus, run } from '../processes.ts';

/** undefined where the file passes, else BIRD's message `FILE:LINE:COL what`. A missing `bird` is a HostError ENOENT. */
export async function checkBirdConfig(configFile: string): Promise<string | undefined> {
  try {
    await run('bird', ['-p', '-c', resolve(configFile)]);
    return undefined;
  } catch (error) {
    if (!isHostError(error) || exitStatus(error) === undefined) throw error;
    return birdMessage(error.detail);
  }
}

/** BIRD 2 writes `bird: FILE:1:2 text`, BIRD 3 `bird: DATE TIME [0001] <FATAL> FILE:1:2 text`. */
export const birdMessage = (text: string): string => text.replaceAll(/^bird: (?:\S+ \S+ \[\d+\] <\w+> )?/gm, '').trim();
