// NETLINK_GET_STRICT_CHK (Linux 4.20): a kernel that checks requests strictly leaves out of a listing what was not asked for.
// Without it it ignores every filter and sends the full internet table along. The `netlink` package cannot set it. An option
// belongs to the socket and not to a descriptor of it, so a program that inherits one sets it for us; perl is in every Debian. Where
// routes are few, sorting them out here costs less than starting it.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { programEnv } from '../processes.ts';
import { NLM_F_DUMP, RTM_GETROUTE } from './constants.ts';

/** SOL_NETLINK, NETLINK_GET_STRICT_CHK: linux/socket.h, linux/netlink.h */
const SCRIPT = 'open(S, "+<&=", 3) and setsockopt(S, 270, 12, pack("i", 1)) or exit 1';
const DEADLINE_MS = 2_000;
/** To sort out so many costs less than to start a perl. */
const FEW = 1_000;

export interface Strictness {
  /** of this network namespace, all tables and both families */
  readonly routes?: () => number;
  readonly ask?: (port: number) => void;
}

/** To be told of each message before it is sent: asks for strict checking once, before the first listing of many routes. */
export function createStrictness(
  port: () => number,
  { routes = countRoutes, ask = askStrictly }: Strictness = {},
): (message: Buffer) => void {
  let asked = false;
  return (message) => {
    if (asked || !listsRoutes(message) || routes() <= FEW) return;
    asked = true;
    ask(port());
  };
}

/** struct nlmsghdr: its type and its flags. A request for a listing travels alone. */
const listsRoutes = (message: Buffer): boolean =>
  message.readUInt16LE(4) === RTM_GETROUTE && (message.readUInt16LE(6) & NLM_F_DUMP) === NLM_F_DUMP;

/** Infinity where the kernel does not say. */
function countRoutes(): number {
  try {
    const [tries, stats] = ['fib_triestat', 'rt6_stats'].map((name) => readFileSync(`/proc/self/net/${name}`, 'utf8'));
    return routesIn(tries, stats);
  } catch {
    return Infinity;
  }
}

/**
 * @param tries counts the prefixes of each IPv4 table (net/ipv4/fib_trie.c, fib_triestat_seq_show)
 * @param stats its fourth word is fib_rt_entries, in hex (net/ipv6/route.c, rt6_stats_seq_show)
 */
export function routesIn(tries = '', stats = ''): number {
  const prefixes = [...tries.matchAll(/^\tPrefixes: +(\d+)$/gm)].map(([, count]) => Number(count));
  const routes = prefixes.reduce((sum, count) => sum + count, Number.parseInt(stats.split(' ')[3] ?? '', 16));
  return Number.isNaN(routes) || prefixes.length === 0 ? Infinity : routes;
}

/** Without effect where perl is missing, or the kernel is too old: listings then bring more than was asked for. */
function askStrictly(port: number): void {
  try {
    const fd = descriptorOf(port);
    if (fd === undefined) return;
    spawnSync('perl', ['-e', SCRIPT], {
      // As the fourth: the first three libuv makes blocking (uv__process_child_init), for us as well, and we would hang in
      // recvmsg(2)
      stdio: ['ignore', 'ignore', 'ignore', fd],
      env: programEnv(),
      cwd: '/',
      timeout: DEADLINE_MS,
    });
  } catch {
    return;
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
