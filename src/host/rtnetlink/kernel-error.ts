// Converts a kernel errno to a HostError: its name, and a plain text of its meaning for routes, rules, addresses and links.
import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import { HostError } from '../error.ts';

const numbers: ReadonlyMap<string, number> = new Map(Object.entries(constants.errno));
const names: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.errno).map(([name, number]) => [number, name]),
);

const plain: Readonly<Record<string, string>> = {
  EPERM: 'not permitted: this needs root, or the capability CAP_NET_ADMIN',
  ENOENT: 'there is no such object',
  ESRCH: 'there is no such route',
  ENODEV: 'there is no such device',
  ENXIO: 'there is no such device',
  EEXIST: 'one like it is already there',
  ENETDOWN: 'the device is down',
  ENETUNREACH: 'the gateway is not on any network of the device',
  EHOSTUNREACH: 'the gateway is not on any network of the device',
  EADDRNOTAVAIL: 'there is no such address on the device',
  EOPNOTSUPP: 'the kernel does not support this',
  EAFNOSUPPORT: 'the kernel does not support this address family (IPv6 off?)',
  EINVAL: 'the kernel refused a value as invalid',
  ERANGE: 'a value is out of the range that the kernel takes',
  EBUSY: 'the kernel is busy with it',
  EINTR: 'it changed again and again while it was read',
  ENOBUFS: 'the kernel has no room for it, or dropped its answers',
  ENOMEM: 'the kernel is out of memory',
};

/** The name of a positive errno: 17 -> EEXIST. Numbers without a name (the kernel's own ENOTSUPP, 524) become ERRNO_524. */
export const errnoName = (errno: number): string => names.get(errno) ?? `ERRNO_${errno}`;

/** A plain text for an errno name. */
export function errnoText(code: string): string {
  return plain[code] ?? getSystemErrorMap().get(-(numbers.get(code) ?? 0))?.[1] ?? 'the kernel refused it';
}

/** `words` replaces the general text for one errno name. */
export function kernelError(operation: string, errno: number, words: Readonly<Record<string, string>> = {}): HostError {
  const code = errnoName(errno);
  return new HostError({ operation, code, detail: words[code] ?? errnoText(code) });
}
