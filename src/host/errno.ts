// From node's errors to HostErrors: the errno name and plain words for the ones that operators meet.
import { HostError } from './error.ts';

/** The errno name of a node error (`ENOENT`), `EIO` where it has none. */
export function errnoOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'EIO';
}

/** The same of a connection: one that the other end has closed is EPIPE to who writes and ECONNRESET to who reads, as it falls. */
export function connectionErrno(error: unknown): string {
  const code = errnoOf(error);
  return code === 'EPIPE' ? 'ECONNRESET' : code;
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied; run as root',
  EPERM: 'not permitted; run as root (a container needs CAP_NET_ADMIN)',
  EROFS:
    'the file system is read-only here; wgospf.service may write only what its ReadWritePaths name (systemctl edit wgospf)',
  ENOSPC: 'no space left on the device',
  EISDIR: 'it is a directory, a file is expected',
  ENOTDIR: 'a part of the path is not a directory',
  ELOOP: 'too many symbolic links',
  EEXIST: 'it exists already',
  EINVAL: 'the kernel refuses the value',
};

/** Wraps what a node call threw. `operation` says what was tried on what; a HostError passes through as it is. */
export function hostError(operation: string, error: unknown): HostError {
  if (error instanceof HostError) return error;
  const code = errnoOf(error);
  const own = error instanceof Error ? error.message : String(error);
  return new HostError({ operation, code, detail: WORDS[code] ?? own, cause: error });
}

/** Whether a node error carries one of the errno names. */
export const hasErrno = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));
