// Which BIRD is installed: its configuration language depends on it.
import { isHostError } from '../error.ts';
import { run } from '../processes.ts';
import type { BirdVersion } from '../types.ts';

/** It prints a line and ends. */
const ANSWER_MS = 3_000;

export interface BirdProgram {
  /** undefined where no BIRD is installed, or one that does not tell; never a HostError */
  version(): Promise<BirdVersion | undefined>;
  /** why the last call got no version of a program that is there; undefined where it did, or where there is none */
  fault(): string | undefined;
}

/** A program that is broken, killed, hangs or talks nonsense is a matter of BIRD alone, and all else goes on without it. */
export function createBirdProgram(): BirdProgram {
  let fault: string | undefined;
  return {
    async version() {
      try {
        const text = await run('bird', ['--version'], { answersOnStderr: true, timeout: ANSWER_MS, shunned: true });
        const version = parseVersion(text);
        fault = version === undefined ? 'bird --version: it does not tell its version' : undefined;
        return version;
      } catch (error) {
        if (!isHostError(error)) throw error;
        fault = error.code === 'ENOENT' ? undefined : `${error.operation}: ${error.detail}`;
        return undefined;
      }
    },
    fault: () => fault,
  };
}

/** `BIRD version 2.0.12` of the program, `BIRD 2.0.12 ready.` of the socket. */
export function parseVersion(text: string): BirdVersion | undefined {
  const [, version, major] = /^BIRD (?:version )?((\d+)\.\S+)/m.exec(text) ?? [];
  return version === undefined ? undefined : { text: version, major: Number(major) };
}
