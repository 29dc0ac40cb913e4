// What `wgospf run` costs while nothing happens: CPU time, wake-ups and memory of the daemon, with the children that it had
// and has (`wg`, rtmon), over `--runs` seconds.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDaemon } from '../netns/lab/daemon.ts';
import { table, type Benchmark } from './benchmark.ts';
import { withHubRouter } from './hub-router.ts';

/** USER_HZ, the unit of times in proc(5) */
const TICK_MS = 10;

interface Cost {
  /** milliseconds of CPU time: the daemon's own, that of children that ended, and that of children that live */
  readonly own: number;
  readonly ended: number;
  readonly living: number;
  /** voluntary context switches of all the daemon's threads */
  readonly wakeups: number;
  /** MiB, of which Node's own program file takes half and shares it with every other Node */
  readonly rss: number;
  /** MiB that are the daemon's alone */
  readonly anonymous: number;
}

const read = (path: string): string => readFileSync(path, 'utf8');

/** Fields 14-17 of /proc/PID/stat: utime, stime, cutime, cstime; the name in field 2 may hold anything, so count from its end. */
function times(pid: number): { own: number; ended: number } {
  const fields = read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
  const [utime, stime, cutime, cstime] = fields.slice(11, 15).map((field) => Number(field) * TICK_MS);
  return { own: (utime ?? 0) + (stime ?? 0), ended: (cutime ?? 0) + (cstime ?? 0) };
}

const childrenOf = (pid: number): number[] =>
  read(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean).map(Number);

const number = (text: string, name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]);

function cost(pid: number): Cost {
  const switches = readdirSync(`/proc/${pid}/task`).map((thread) =>
    number(read(`/proc/${pid}/task/${thread}/status`), 'voluntary_ctxt_switches'),
  );
  return {
    ...times(pid),
    living: childrenOf(pid).reduce((sum, child) => sum + times(child).own, 0),
    wakeups: switches.reduce((sum, n) => sum + n, 0),
    rss: number(read(`/proc/${pid}/status`), 'VmRSS') / 1024,
    anonymous: number(read(`/proc/${pid}/status`), 'RssAnon') / 1024,
  };
}

export const idle: Benchmark = ({ tunnels, runs: seconds }) =>
  withHubRouter(tunnels, async ({ router }) => {
    const daemon = await startDaemon(router);
    const pid = await daemon.pid();
    await sleep(20_000); // what follows a start is over
    const before = cost(pid);
    await sleep(seconds * 1000);
    const after = cost(pid);
    const passes = daemon.lines().filter(({ event }) => event === 'pass').length;
    await daemon.stop();
    const own = after.own - before.own;
    const children = after.ended - before.ended + after.living - before.living;
    const percent = (ms: number): string => ((ms / (seconds * 1000)) * 100).toFixed(3);
    const wakeups = (after.wakeups - before.wakeups) / seconds;
    return {
      data: {
        benchmark: 'idle',
        tunnels,
        seconds,
        own,
        children,
        wakeups,
        rss: after.rss,
        anonymous: after.anonymous,
        passes,
      },
      text: [
        `wgospf run, ${tunnels} tunnels, idle for ${seconds} s`,
        table([
          ['', ''],
          ['CPU of the daemon, %', percent(own)],
          ['CPU of its children, %', percent(children)],
          ['wake-ups a second', wakeups.toFixed(1)],
          ['resident memory, MiB', after.rss.toFixed(0)],
          ['  its own part, MiB', after.anonymous.toFixed(0)],
        ]),
      ].join('\n'),
    };
  });
