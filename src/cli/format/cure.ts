// What an operator can do about a failed operation, by the system's own code.
import { ADOPT, APPLY } from '../../model/cure-words.ts';

const cures: Readonly<Record<string, string>> = {
  EPERM: 'CAP_NET_ADMIN is missing: run as root; a container must be given that capability',
  EACCES: 'the process lacks permission: run as root, and check whether AppArmor or SELinux refuses it',
  EEXIST: `another object is in its place: see 'wgospf plan'; remove it, or take it over: ${ADOPT}`,
  ENODEV: `the link disappeared meanwhile: run ${APPLY}`,
  ENETDOWN: `the link is down: find out why its own operation failed, then run ${APPLY}`,
  ENETUNREACH: 'the next hop is not reachable over any link: check the address of its interface',
  EADDRINUSE: 'another program or tunnel listens on this UDP port: choose another listenPort (see: ss -lunp)',
  EBUSY: `another program is changing it: run ${APPLY}`,
  EOPNOTSUPP: 'load its kernel module (modprobe); if the kernel has no WireGuard: `wireguard: {backend: userspace}`',
  EAI_NONAME: 'check the name and DNS (getent ahosts NAME); the tunnel also comes up when the far end sends first',
  EROFS:
    'the daemon may not write there: `systemctl edit wgospf`, [Service] ReadWritePaths=FOLDER; or the file system is read-only: remount it',
  ENOSPC: 'the file system is full: free some space',
  ECONNREFUSED: 'BIRD is not running: systemctl start bird',
  ETIMEDOUT: `it did not answer in time: check the load of this machine, then run ${APPLY}`,
};

const BIRD_HANGS = 'BIRD does not answer: see its journal (journalctl -u bird), restart it only if it hangs';

/** Missing programs and sockets, by the kind of object that needs them. */
const missing: Readonly<Record<string, string>> = {
  bird: 'BIRD is not running or not installed: systemctl start bird (Debian: apt install bird2)',
  wireguard: 'a file or program is missing: check the key files, and install wireguard-tools',
  link: 'a program is missing: install wireguard-go, or a kernel with WireGuard',
  sysctl: 'this kernel has no such setting: check whether IPv6 is switched off',
};

/** One sentence, or undefined where only the message itself can help. */
export function cureFor(kind: string, code: string): string | undefined {
  if (code === 'ENOENT') return missing[kind];
  return kind === 'bird' && code === 'ETIMEDOUT' ? BIRD_HANGS : cures[code];
}
