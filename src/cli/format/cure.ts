// What an operator can do about a failed operation, by the system's own code.
import { ADOPT, APPLY } from '../../model/cure-words.ts';

const cures: Readonly<Record<string, string>> = {
  EPERM: 'CAP_NET_ADMIN is missing: run as root; a container must be given that capability',
  EACCES: 'the process may not do this: run as root, and see whether AppArmor or SELinux refuses it',
  EEXIST: `another object stands there: see 'wgospf plan'; remove it, or take it over: ${ADOPT}`,
  ENODEV: `the link went away meanwhile: run ${APPLY}`,
  ENETDOWN: `the link is down: see why its own operation failed, then run ${APPLY}`,
  ENETUNREACH: 'the next hop is not reachable over any link: look at the address of its interface',
  EADDRINUSE: 'another program or tunnel listens on this UDP port: choose another listenPort (see: ss -lunp)',
  EBUSY: `somebody else is at work on it: run ${APPLY}`,
  EOPNOTSUPP:
    'load the kernel module for it (modprobe); where the kernel lacks WireGuard: `wireguard: {backend: userspace}`',
  EAI_NONAME: 'look at the name and at DNS (getent ahosts NAME); the tunnel also comes up when the far side calls',
  EROFS:
    'the daemon may not write there: `systemctl edit wgospf`, [Service] ReadWritePaths=FOLDER; else the file system is read-only: remount it',
  ENOSPC: 'the file system is full: make room',
  ECONNREFUSED: 'BIRD is not running: systemctl start bird',
  ETIMEDOUT: `it did not answer in time: see what loads this machine, then run ${APPLY}`,
};

const BIRD_HANGS = 'BIRD does not answer: see its journal (journalctl -u bird), restart it only if it hangs';

/** Programs and sockets that are missing, by the kind of object that wanted them. */
const missing: Readonly<Record<string, string>> = {
  bird: 'BIRD is not running or not installed: systemctl start bird (Debian: apt install bird2)',
  wireguard: 'a file or program is missing: look at the key files, and install wireguard-tools',
  link: 'a program is missing: install wireguard-go, or a kernel with WireGuard',
  sysctl: 'this kernel has no such setting: see whether IPv6 is switched off',
};

/** One sentence, or undefined where only the message itself can help. */
export function cureFor(kind: string, code: string): string | undefined {
  if (code === 'ENOENT') return missing[kind];
  return kind === 'bird' && code === 'ETIMEDOUT' ? BIRD_HANGS : cures[code];
}
