// Converts node's errors to HostErrors: the errno name, and a plain text for the errors that operators see.
import { HostError } from './error.ts';

/** The errno name of a node error (`ENOENT`), `EIO` if it has none. */
export function errnoOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'EIO';
}

/** The same for a connection: if the other end closed it, a write gives EPIPE and a read gives ECONNRESET; both become ECONNRESET. */
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

/** Wraps what a node call threw. `operation` names the action and its object; a HostError is returned unchanged. */
export function hostError(operation: string, error: unknown): HostError {
  if (error instanceof HostError) return error;
  const code = errnoOf(error);
  const own = error instanceof Error ? error.message : String(error);
  return new HostError({ operation, code, detail: WORDS[code] ?? own, cause: error });
}

/** Whether a node error has one of these errno names. */
export const hasErrno = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));
