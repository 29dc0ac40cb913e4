// Which BIRD is installed: its configuration language depends on it.
import { isHostError } from '../error.ts';
import { run } from '../processes.ts';
import type { BirdVersion } from '../types.ts';

/** undefined where no BIRD is installed, or one that does not tell. */
export async function birdVersion(): Promise<BirdVersion | undefined> {
  try {
    return parseVersion(await run('bird', ['--version'], { answersOnStderr: true }));
  } catch (error) {
    if (isHostError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** `BIRD version 2.0.12` of the program, `BIRD 2.0.12 ready.` of the socket. */
export function parseVersion(text: string): BirdVersion | undefined {
  const [, version, major] = /^BIRD (?:version )?((\d+)\.\S+)/m.exec(text) ?? [];
  return version === undefined ? undefined : { text: version, major: Number(major) };
}
