// Which BIRD is installed: its configuration language depends on it.
import { lstatSync, statSync } from 'node:fs';
import { isHostError } from '../error.ts';
import { programPaths } from '../find-program.ts';
import { run } from '../processes.ts';
import type { BirdReply, BirdVersion } from '../types.ts';
import { birdQuestion } from './control-client.ts';
import { codes } from './reply-codes.ts';

/** Of Debian's package. */
const SOCKET = '/run/bird/bird.ctl';
/** It prints a line and ends. */
const ANSWER_MS = 3_000;
/** A BIRD that reads a large file takes its time; the program is asked then. */
const RUNNING_ANSWERS_MS = 1_000;

export interface BirdProgram {
  /** undefined where no BIRD is installed, or one that does not tell; never a HostError */
  version(): Promise<BirdVersion | undefined>;
  /** why the last call got no version of a program that is there; undefined where it did, or where there is none */
  fault(): string | undefined;
}

export interface BirdProgramOptions {
  readonly socket?: string;
  /** where the program may be */
  readonly programs?: readonly string[];
  /** what `bird --version` prints */
  readonly start?: () => Promise<string>;
}

const startBird = (): Promise<string> =>
  run('bird', ['--version'], { answersOnStderr: true, timeout: ANSWER_MS, shunned: true });

/**
 * A program that is broken, killed, hangs or talks nonsense is a matter of BIRD alone, and all else goes on without it. Where it runs, and
 * is the same since, it is asked and not started.
 */
export function createBirdProgram({
  socket = SOCKET,
  programs = programPaths('bird'),
  start = startBird,
}: BirdProgramOptions = {}): BirdProgram {
  let fault: string | undefined;
  return {
    async version() {
      const running = isOlder(programs, socket) ? await runningVersion(socket) : undefined;
      if (running !== undefined) {
        fault = undefined;
        return running;
      }
      try {
        const version = parseVersion(await start());
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

/**
 * BIRD makes its socket when it starts. An inode's change time nobody sets: what was put in the program's place since is younger, of
 * whatever date its package has it.
 */
function isOlder(programs: readonly string[], socket: string): boolean {
  const made = lstatSync(socket, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const found = programs.flatMap((path) => statSync(path, { throwIfNoEntry: false }) ?? []);
  return found.length > 0 && found.every(({ ctimeMs }) => ctimeMs < made);
}

/** undefined where it does not run, or does not tell. */
async function runningVersion(socket: string): Promise<BirdVersion | undefined> {
  try {
    return versionIn(await birdQuestion(socket, 'show status', RUNNING_ANSWERS_MS));
  } catch (error) {
    if (isHostError(error)) return undefined;
    throw error;
  }
}

/** Of `show status`. */
export const versionIn = ({ lines }: BirdReply): BirdVersion | undefined =>
  parseVersion(lines.find(({ code }) => code === codes.version)?.text ?? '');
