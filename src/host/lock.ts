// Only one wgospf at a time changes this host; the error of a second one names the first. flock(2) on files that only root
// can open: no other user can take the lock, and the kernel releases it when its holder ends, for whatever reason.
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { hasErrno, hostError } from './errno.ts';
import { HostError, isHostError } from './error.ts';
import { hasOpen, pidsWith } from './open-files.ts';
import { run } from './processes.ts';

const OPERATION = 'take the lock';

export interface LockFiles {
  /** network namespaces that share /run also share this folder, and our notes in it */
  readonly file: string;
  /**
   * a second lock, one for each network namespace, whatever its /run; undefined: none. Any setting of mode 0600 works:
   * /proc/sys/net has its own inodes for each namespace (proc_sys_compare in fs/proc/proc_sysctl.c)
   */
  readonly namespace: string | undefined;
}

const FILES: LockFiles = { file: '/run/wgospf/lock', namespace: '/proc/sys/net/ipv4/tcp_fastopen_key' };

/** A lock file that its holder removes meanwhile is made again; that never happens so often. */
const TRIES = 20;

/** `run`: the daemon, which holds the lock as long as it runs; `apply`: a command, for one pass. */
export type LockHolder = 'run' | 'apply';

/** Takes the lock or throws a HostError EBUSY; the returned function releases it. A held lock does not keep the process alive. */
export async function takeLock(as: LockHolder = 'apply', { file, namespace }: LockFiles = FILES): Promise<() => void> {
  const held: number[] = [];
  const release = (): void => {
    const [first] = held;
    if (first !== undefined) removeHeld(first, file);
    for (const fd of held.splice(0)) closeSync(fd);
  };
  try {
    held.push(await lockFile(file));
    if (namespace !== undefined) held.push(...(await lockNamespace(namespace)));
    const [first = -1] = held;
    ftruncateSync(first);
    writeSync(first, `${as} ${process.pid}\n`, 0);
    return release;
  } catch (error) {
    release();
    throw hostError(OPERATION, error);
  }
}

/** The descriptor of the locked file. The file must still have this name, because the holder removes it when it releases the lock. */
async function lockFile(path: string): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const fd = openLock(path);
    if (fd === undefined) continue;
    let isOurs = false;
    try {
      if (!(await flock(fd))) throw busy(holderOf(path));
      isOurs = isNamed(fd, path);
    } finally {
      if (!isOurs) closeSync(fd);
    }
    if (isOurs) return fd;
  }
  throw new HostError({ operation: OPERATION, code: 'EAGAIN', detail: `${path} is taken and removed all the time` });
}

/** undefined if the folder was removed in between. */
function openLock(path: string): number | undefined {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  try {
    const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
    const { uid } = fstatSync(fd);
    // a user who can open the file can lock it
    if (uid === process.geteuid?.()) fchmodSync(fd, 0o600);
    else {
      closeSync(fd);
      const detail = `${path} belongs to user ${uid}: remove it, and check who can write to its folder`;
      throw new HostError({ operation: OPERATION, code: 'EPERM', detail });
    }
    return fd;
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Empty if the kernel has no such setting. */
async function lockNamespace(path: string): Promise<number[]> {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY);
  } catch (error) {
    if (hasErrno(error, 'ENOENT', 'EACCES', 'EPERM')) return [];
    throw error;
  }
  let isOurs = false;
  try {
    isOurs = await flock(fd);
    if (!isOurs) throw busy({ pid: pidsWith(path, 'here').find((pid) => pid !== process.pid), as: undefined });
    return [fd];
  } finally {
    if (!isOurs) closeSync(fd);
  }
}

/**
 * False if another process has the lock. Node has no flock(2), so flock(1) of the essential package util-linux takes the lock: it
 * belongs to the open file (not to the process, flock(2)), which is ours and stays locked after the program ends.
 */
async function flock(fd: number): Promise<boolean> {
  try {
    await run('flock', ['-n', '0'], { operation: OPERATION, stdin: fd });
    return true;
  } catch (error) {
    if (isHostError(error, 'EXIT_1')) return false;
    throw error;
  }
}

function isNamed(fd: number, path: string): boolean {
  const named = statSync(path, { throwIfNoEntry: false });
  const { dev, ino } = fstatSync(fd);
  return named?.dev === dev && named.ino === ino;
}

/** Removes the file, and its folder if that is empty. */
function removeHeld(fd: number, path: string): void {
  try {
    if (isNamed(fd, path)) unlinkSync(path);
    rmdirSync(dirname(path));
  } catch {
    // the folder has other files, or is gone: closing the descriptor releases the lock in any case
  }
}

interface Holder {
  readonly pid: number | undefined;
  readonly as: string | undefined;
}

/** Reads the file, and verifies that this process has it open: a holder that was killed leaves its text behind. */
function holderOf(path: string): Holder {
  const [, as, pid] = /^(run|apply) (\d+)\n/.exec(readText(path)) ?? [];
  if (pid !== undefined && hasOpen(Number(pid), path)) return { pid: Number(pid), as };
  return { pid: pidsWith(path, 'anywhere').find((one) => one !== process.pid), as: undefined };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function busy({ pid, as }: Holder): HostError {
  const error = (detail: string): HostError => new HostError({ operation: OPERATION, code: 'EBUSY', detail });
  if (as === 'run') {
    return error(
      `the wgospf daemon (pid ${pid ?? ''}) is at work here and applies the state file by itself; ` +
        `wgospf reload makes it do so now, systemctl stop wgospf ends it and leaves the network as it is`,
    );
  }
  const who = pid === undefined ? 'its process is not to be seen from here, as in a container' : `its pid is ${pid}`;
  return error(`another wgospf is at work here; wait for it (${who})`);
}
