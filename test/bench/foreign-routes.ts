// The cost of a hundred thousand foreign routes to a router whose mesh has none of them: `wgospf plan` (a pass that finds
// nothing to do), the daemon's repair of a deleted route, and the memory of each, with and without them in one run.
import { readFileSync } from 'node:fs';
import { startDaemon } from '../netns/lab/daemon.ts';
import type { Router } from '../netns/lab/router.ts';
import { median, table, type Benchmark } from './benchmark.ts';
import { withHubRouter } from './hub-router.ts';

const FOREIGN = 100_000;

interface Cost {
  /** milliseconds of a whole `wgospf plan`, its start included */
  readonly pass: number;
  /** milliseconds of processor time, which other work on the machine does not stretch */
  readonly passCpu: number;
  /** MB at its peak */
  readonly passRss: number;
  /** milliseconds from the deletion of a route of ours until it is back, as seen from outside */
  readonly repair: number;
  /** milliseconds of the daemon's processor time for one repair, including the second look after it */
  readonly repairCpu: number;
  /** MB of the daemon */
  readonly rss: number;
}

async function timePass(router: Router): Promise<{ ms: number; cpu: number; mb: number }> {
  const { program } = await router.built();
  const { stdout } = await router.exec('perl', [
    '-MTime::HiRes=time',
    '-e',
    // wait4(2) returns the peak of the child alone: /proc/PID/status is gone by then
    'my $t = time; my $pid = fork // die; if (!$pid) { open STDOUT, ">", "/dev/null"; exec @ARGV } my $mb = 0;' +
      'while (waitpid($pid, 1) == 0) { if (open my $f, "<", "/proc/$pid/status") { while (<$f>) { $mb = $1 / 1024 if /VmHWM:\\s+(\\d+)/ } } select undef, undef, undef, 0.005 }' +
      'my (undef, undef, $user, $system) = times; printf "%.1f %.1f %.1f\n", 1000 * (time - $t), 1000 * ($user + $system), $mb',
    ...[process.execPath, program, 'plan'],
  ]);
  const [ms = 0, cpu = 0, mb = 0] = stdout.trim().split(' ').map(Number);
  return { ms, cpu, mb };
}

/** One shell takes both times. */
async function timeRepair(router: Router, network: string): Promise<number> {
  const micros = await router.sh(`
    start=$EPOCHREALTIME; ip route del ${network} table 2 proto 87
    until ip route show table 2 ${network} | grep -q .; do :; done; end=$EPOCHREALTIME
    echo $((\${end/./} - \${start/./}))`);
  await router.sh('sleep 0.3'); // the daemon's second look is over
  return Number(micros) / 1000;
}

/** utime and stime of proc(5), in milliseconds; a tick is ten of them. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ');
  return 10 * (Number(fields[13]) + Number(fields[14]));
}

async function measure(router: Router, networks: readonly string[], runs: number): Promise<Cost> {
  const passes = [];
  for (let n = 0; n < runs; n++) passes.push(await timePass(router));
  const daemon = await startDaemon(router);
  const repairs = [];
  const pid = await daemon.pid();
  const before = cpuOf(pid);
  // another route each time: the same one five times a minute would be a fight
  for (let n = 0; n < runs; n++) repairs.push(await timeRepair(router, networks[n % networks.length] ?? ''));
  // the pid is the machine's own
  const [, kb = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  const repairCpu = (cpuOf(pid) - before) / runs;
  const rss = Number(kb) / 1024;
  await daemon.stop();
  return {
    pass: median(passes.map(({ ms }) => ms)),
    passCpu: median(passes.map(({ cpu }) => cpu)),
    passRss: median(passes.map(({ mb }) => mb)),
    repair: median(repairs),
    repairCpu,
    rss,
  };
}

/** A network of a /24 each, in main, half with `proto static` and half with `proto bird`. */
const addForeign = (router: Router): Promise<unknown> =>
  router.exec(
    'bash',
    [
      '-c',
      `
    ip link add upstream type bridge; ip link set upstream up
    perl -e 'for my $n (0 .. ${FOREIGN - 1}) { printf "route add %d.%d.%d.0/24 dev upstream proto %s\\n", 20 + ($n >> 16), ($n >> 8) & 255, $n & 255, $n & 1 ? "bird" : "static" }' | ip -batch -`,
    ],
    { timeout: 300 },
  );

const LABELS: readonly (readonly [keyof Cost, string])[] = [
  ['pass', 'wgospf plan, ms'],
  ['passCpu', 'wgospf plan, processor ms'],
  ['passRss', 'wgospf plan, peak MB'],
  ['repair', 'repair of a route, ms'],
  ['repairCpu', 'repair of a route, processor ms'],
  ['rss', 'wgospf run, peak MB'],
];

export const foreignRoutes: Benchmark = ({ tunnels: count, runs }) =>
  withHubRouter(count, async ({ router, tunnels }) => {
    const networks = tunnels.map(({ network }) => network);
    const without = await measure(router, networks, runs);
    await addForeign(router);
    const beside = await measure(router, networks, runs);
    const rows = LABELS.map(([key, label]) => [
      label,
      without[key].toFixed(0),
      beside[key].toFixed(0),
      (beside[key] / without[key]).toFixed(2),
    ]);
    return {
      data: { benchmark: 'foreign-routes', tunnels: count, runs, foreign: FOREIGN, without, beside },
      text: [
        `${count} tunnels; medians of ${runs}, with no foreign route and with ${FOREIGN} of them in main`,
        table([['', 'none', String(FOREIGN), 'ratio'], ...rows]),
      ].join('\n'),
    };
  });
