// Which BIRD is installed: its configuration language depends on it.
import { lstatSync, statSync } from 'node:fs';
import { BIRD_SOCKET } from '../../net/names.ts';
import { isHostError } from '../error.ts';
import { programPaths } from '../find-program.ts';
import { run } from '../processes.ts';
import type { BirdReply, BirdVersion } from '../types.ts';
import { birdQuestion } from './control-client.ts';
import { codes } from './reply-codes.ts';

/** For `bird --version`, which prints one line and exits. */
const ANSWER_MS = 3_000;
/** A BIRD that reads a large file may not answer in this time; then the program is started instead. */
const RUNNING_ANSWERS_MS = 1_000;

export interface BirdProgram {
  /** undefined if no BIRD is installed, or if it does not print its version; never throws a HostError */
  version(): Promise<BirdVersion | undefined>;
  /** why the last call got no version from an installed program; undefined if it got one, or if no program is installed */
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
 * A program that is broken, is killed, hangs or prints something else is no HostError: everything but BIRD continues without it.
 * While a BIRD runs that is at least as new as the program's file, version() asks the running BIRD and starts no process.
 */
export function createBirdProgram({
  socket = BIRD_SOCKET,
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
 * BIRD makes its socket when it starts. No program can set an inode's change time: a newly installed program is younger than the
 * socket, whatever modification time its package gives it.
 */
function isOlder(programs: readonly string[], socket: string): boolean {
  const made = lstatSync(socket, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const found = programs.flatMap((path) => statSync(path, { throwIfNoEntry: false }) ?? []);
  return found.length > 0 && found.every(({ ctimeMs }) => ctimeMs < made);
}

/** undefined if BIRD does not run, or does not report its version. */
async function runningVersion(socket: string): Promise<BirdVersion | undefined> {
  try {
    return versionIn(await birdQuestion(socket, 'show status', RUNNING_ANSWERS_MS));
  } catch (error) {
    if (isHostError(error)) return undefined;
    throw error;
  }
}

/** The version in a reply to `show status`. */
export const versionIn = ({ lines }: BirdReply): BirdVersion | undefined =>
  parseVersion(lines.find(({ code }) => code === codes.version)?.text ?? '');
