// NETLINK_GET_STRICT_CHK (Linux 4.20): a kernel that checks requests strictly leaves out of a listing what was not asked for.
// Without it it ignores every filter and sends the full internet table along. The `netlink` package cannot set it. An option
// belongs to the socket and not to a descriptor of it, so a program that inherits one sets it for us; perl is in every Debian.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { programEnv } from '../processes.ts';

/** SOL_NETLINK, NETLINK_GET_STRICT_CHK: linux/socket.h, linux/netlink.h */
const SCRIPT = 'open(S, "+<&=", 3) and setsockopt(S, 270, 12, pack("i", 1)) or exit 1';
const DEADLINE_MS = 2_000;

/** @returns whether it is set: not where perl is missing, or the kernel is too old */
export function askStrictly(port: number): boolean {
  try {
    const fd = descriptorOf(port);
    if (fd === undefined) return false;
    const { status } = spawnSync('perl', ['-e', SCRIPT], {
      // As the fourth: the first three libuv makes blocking (uv__process_child_init), for us as well, and we would hang in
      // recvmsg(2)
      stdio: ['ignore', 'ignore', 'ignore', fd],
      env: programEnv(),
      cwd: '/',
      timeout: DEADLINE_MS,
    });
    return status === 0;
  } catch {
    return false;
  }
}

/** The descriptor of our NETLINK_ROUTE socket with that port: /proc/net/netlink has its inode, /proc/self/fd what is open. */
function descriptorOf(port: number): number | undefined {
  const sockets = readFileSync('/proc/self/net/netlink', 'utf8').split('\n');
  const line = sockets
    .map((text) => text.trim().split(/\s+/))
    .find(([, family, id]) => family === '0' && id === String(port));
  const target = `socket:[${line?.at(-1) ?? ''}]`;
  return readdirSync('/proc/self/fd')
    .map(Number)
    .find((fd) => linkOf(fd) === target);
}

function linkOf(fd: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return ''; // the one that readdir had
  }
}
