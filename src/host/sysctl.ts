// /proc/sys by dotted name, and attributes of links in /sys.
import { accessSync, constants, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { batched, type Batched } from './batch.ts';
import { hasErrno, hostError } from './errno.ts';
import { HostError } from './error.ts';
import type { Sysctl } from './types.ts';

const ROOT = '/proc/sys';

/**
 * The path of a dotted name; `/` in it stands for a dot inside one part (sysctl.d(5)):
 * `net.ipv4.conf.eth0/1.rp_filter` is `/proc/sys/net/ipv4/conf/eth0.1/rp_filter`.
 * A path in /sys/class/net is returned unchanged.
 */
export function sysctlPath(name: string): string {
  if (isAttribute(name)) return name;
  const parts = name.split('.').map((part) => part.replaceAll('/', '.'));
  if (parts.some((part) => part === '' || /^\.+$/.test(part))) {
    throw new HostError({ operation: `sysctl ${name}`, code: 'EINVAL', detail: 'it is not the name of a sysctl' });
  }
  return `${ROOT}/${parts.join('/')}`;
}

export const createSysctl = (): Sysctl & Batched =>
  batched({ read: async (name) => Promise.resolve(read(name)), write });

const isAttribute = (name: string): boolean => /^\/sys\/class\/net\/(?!\.{1,2}\/)[^/]+\/\w+$/.test(name);

/** Synchronous: reads of /proc/sys do not block, and a thousand links need some thousand; asynchronous reads take ten times as long. */
function read(name: string): string | undefined {
  const path = sysctlPath(name);
  try {
    // an attribute in a read-only /sys cannot be set, and counts as missing
    if (isAttribute(name)) accessSync(path, constants.W_OK);
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (hasErrno(error, 'ENOENT') || (isAttribute(name) && hasErrno(error, 'EROFS', 'EACCES'))) return undefined;
    throw hostError(`sysctl ${name}`, error);
  }
}

async function write(name: string, value: string): Promise<void> {
  const operation = isAttribute(name) ? `echo ${value} > ${name}` : `sysctl -w ${name}=${value}`;
  const path = sysctlPath(name);
  try {
    // r+: a missing name gives ENOENT; with O_CREAT, /proc would give EACCES
    await writeFile(path, `${value}\n`, { flag: 'r+' });
  } catch (error) {
    if (!hasErrno(error, 'ENOENT')) throw hostError(operation, error);
    const detail = 'the kernel has no such name (is the interface there, is the protocol built in?)';
    throw new HostError({ operation, code: 'ENOENT', detail, cause: error });
  }
}
