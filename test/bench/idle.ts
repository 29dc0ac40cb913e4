// The cost of `wgospf run` while nothing happens: CPU time, wake-ups and memory of the daemon, with its earlier and present
// children (`wg`, rtmon), over `--runs` seconds.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDaemon } from '../netns/lab/daemon.ts';
import { table, type Benchmark } from './benchmark.ts';
import { withHubRouter } from './hub-router.ts';

/** USER_HZ, the unit of times in proc(5) */
const TICK_MS = 10;

interface Cost {
  /** milliseconds of CPU time: the daemon's own, that of children that ended, and that of running children */
  readonly own: number;
  readonly ended: number;
  readonly living: number;
  /** voluntary context switches: of the daemon's main thread, of its others, and of its running children */
  readonly main: number;
  readonly others: number;
  readonly children: number;
  /** MiB; half of it is Node's program file, shared with every other Node */
  readonly rss: number;
  /** MiB that only the daemon uses */
  readonly anonymous: number;
}

const read = (path: string): string => readFileSync(path, 'utf8');

/** Fields 14-17 of /proc/PID/stat: utime, stime, cutime, cstime; the name in field 2 may contain anything, so count from its end. */
function times(pid: number): { own: number; ended: number } {
  const fields = read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
  const [utime, stime, cutime, cstime] = fields.slice(11, 15).map((field) => Number(field) * TICK_MS);
  return { own: (utime ?? 0) + (stime ?? 0), ended: (cutime ?? 0) + (cstime ?? 0) };
}

const childrenOf = (pid: number): number[] =>
  read(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean).map(Number);

const number = (text: string, name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]);

/** By thread. A thread that ended is not counted, and its earlier count is lost. */
const switches = (pid: number): ReadonlyMap<number, number> =>
  new Map(
    readdirSync(`/proc/${pid}/task`).map((thread) => [
      Number(thread),
      number(read(`/proc/${pid}/task/${thread}/status`), 'voluntary_ctxt_switches'),
    ]),
  );

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, n) => total + n, 0);

function cost(pid: number): Cost {
  const threads = switches(pid);
  const main = threads.get(pid) ?? 0;
  const children = childrenOf(pid);
  return {
    ...times(pid),
    living: sum(children.map((child) => times(child).own)),
    ...{ main, others: sum(threads.values()) - main },
    children: sum(children.flatMap((child) => [...switches(child).values()])),
    rss: number(read(`/proc/${pid}/status`), 'VmRSS') / 1024,
    anonymous: number(read(`/proc/${pid}/status`), 'RssAnon') / 1024,
  };
}

export const idle: Benchmark = ({ tunnels, runs: seconds }) =>
  withHubRouter(tunnels, async ({ router }) => {
    const daemon = await startDaemon(router);
    const pid = await daemon.pid();
    await sleep(20_000); // the consequences of a start are over
    const before = cost(pid);
    await sleep(seconds * 1000);
    const after = cost(pid);
    const passes = daemon.lines().filter(({ event }) => event === 'pass').length;
    await daemon.stop();
    const own = after.own - before.own;
    const children = after.ended - before.ended + after.living - before.living;
    const percent = (ms: number): string => ((ms / (seconds * 1000)) * 100).toFixed(3);
    const wakeups = (of: 'main' | 'others' | 'children'): number => ((after[of] - before[of]) / seconds) * 60;
    return {
      data: {
        ...{ benchmark: 'idle', tunnels, seconds, own, children, passes },
        wakeups: { main: wakeups('main'), others: wakeups('others'), children: wakeups('children') },
        ...{ rss: after.rss, anonymous: after.anonymous },
      },
      text: [
        `wgospf run, ${tunnels} tunnels, idle for ${seconds} s`,
        table([
          ['', ''],
          ['CPU of the daemon, %', percent(own)],
          ['CPU of its children, %', percent(children)],
          ['wake-ups a minute, main thread', wakeups('main').toFixed(1)],
          ['  its other threads', wakeups('others').toFixed(1)],
          ['  its children', wakeups('children').toFixed(1)],
          ['resident memory, MiB', after.rss.toFixed(0)],
          ['  its own part, MiB', after.anonymous.toFixed(0)],
        ]),
      ].join('\n'),
    };
  });
