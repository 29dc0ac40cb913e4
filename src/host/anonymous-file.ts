// A text as an open file without a name, for a program's standard input.
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { errnoOf } from './errno.ts';
import { HostError } from './error.ts';

/** O_TMPFILE of linux/fcntl.h; node has no constant for it */
const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY;

/**
 * An open file without a name, in memory. Not a pipe: node's pipes are sockets, and a program cannot open `/dev/stdin` if it
 * is a socket (ENXIO); not a file with a name: others could read it, and a crash would leave it behind.
 */
export function anonymousFile(text: string, operation: string): number {
  let cause: unknown;
  for (const folder of ['/dev/shm', '/run']) {
    try {
      return filled(openSync(folder, constants.O_RDWR | O_TMPFILE, 0o600), text);
    } catch (error) {
      cause = error;
    }
  }
  const detail = 'no temporary file can be made in /dev/shm or /run; is one of them a tmpfs that can be written?';
  throw new HostError({ operation, code: errnoOf(cause), detail, cause });
}

function filled(fd: number, text: string): number {
  const bytes = Buffer.from(text);
  try {
    // at a given position, so that the descriptor's own offset stays at the start for a program that reads from fd 0
    for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done, bytes.length - done, done);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
