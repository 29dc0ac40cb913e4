// NETLINK_GET_STRICT_CHK (Linux 4.20): with this option the kernel filters a listing by the request. Without it the kernel
// ignores every filter and also sends the full internet table. The `netlink` package cannot set the option. It belongs to the
// socket and not to a descriptor, so a program that inherits a descriptor sets it for us; every Debian has perl. For few routes,
// filtering them here costs less than starting perl.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { programEnv } from '../processes.ts';
import { NLM_F_DUMP, RTM_GETROUTE } from './constants.ts';

/** SOL_NETLINK, NETLINK_GET_STRICT_CHK: linux/socket.h, linux/netlink.h */
const SCRIPT = 'open(S, "+<&=", 3) and setsockopt(S, 270, 12, pack("i", 1)) or exit 1';
const DEADLINE_MS = 2_000;
/** Filtering this many routes costs less than starting perl. */
const FEW = 1_000;

export interface Strictness {
  /** the number of routes of this network namespace, in all tables and both families */
  readonly routes?: () => number;
  readonly ask?: (port: number) => void;
}

/** Call the result with each message before it is sent: it turns on strict checking once, before the first listing of many routes. */
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

/** Reads type and flags of struct nlmsghdr. A request for a listing is sent alone. */
const listsRoutes = (message: Buffer): boolean =>
  message.readUInt16LE(4) === RTM_GETROUTE && (message.readUInt16LE(6) & NLM_F_DUMP) === NLM_F_DUMP;

/** Infinity if the kernel does not report it. */
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

/** No effect if perl is missing, or if the kernel is too old: listings then contain more than was requested. */
function askStrictly(port: number): void {
  try {
    const fd = descriptorOf(port);
    if (fd === undefined) return;
    spawnSync('perl', ['-e', SCRIPT], {
      // As the fourth descriptor: libuv makes the first three blocking (uv__process_child_init), for this process as well, which
      // would then hang in recvmsg(2)
      stdio: ['ignore', 'ignore', 'ignore', fd],
      env: programEnv(),
      cwd: '/',
      timeout: DEADLINE_MS,
    });
  } catch {
    return;
  }
}

/** The descriptor of our NETLINK_ROUTE socket with that port: /proc/net/netlink has its inode, /proc/self/fd the open files. */
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
    return ''; // readdir's own descriptor, closed by now
  }
}
