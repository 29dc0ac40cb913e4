// The cost of a command before it has done anything: CPU time of whole processes, with those that they start, compared with a Node
// that does nothing. The contenders take turns. WGOSPF_RIVAL names the wgospf.mjs of another build, to be run beside ours.
import { hubState, hubTunnels } from './hub.ts';
import { makeLab } from '../netns/lab/make-lab.ts';
import type { Router } from '../netns/lab/router.ts';
import { median, table, type Benchmark } from './benchmark.ts';

interface Contender {
  readonly name: string;
  readonly command: readonly string[];
}

/** Milliseconds of user and system time: bash's `time` gets them from getrusage(2), including all children. */
async function cpu(router: Router, command: readonly string[]): Promise<number> {
  const script = `TIMEFORMAT='%3U %3S'; { time "$@" >/dev/null 2>&1; } 2>&1; true`;
  const { stdout } = await router.exec('bash', ['-c', script, 'bash', ...command], { timeout: 300 });
  return stdout
    .trim()
    .split(' ')
    .reduce((sum, seconds) => sum + Number(seconds) * 1000, 0);
}

const stateFile = (count: number): string => `/etc/wgospf/${count}.yaml`;

function commandsOf(build: string, program: string, counts: readonly number[]): Contender[] {
  const wgospf = (...args: string[]): Contender => {
    const name = args.map((word) => word.replace(/^.*\/(\d+)\.yaml$/, '$1 tunnels')).join(' ');
    return { name: `${build}: ${name}`, command: [process.execPath, program, ...args] };
  };
  return [
    wgospf('--help'),
    wgospf('version'),
    ...counts.map((count) => wgospf('check', stateFile(count))),
    ...counts.map((count) => wgospf('plan', '-s', stateFile(count))),
    ...counts.map((count) => wgospf('status', '-s', stateFile(count))),
  ];
}

async function contenders(router: Router, counts: readonly number[]): Promise<Contender[]> {
  const { program } = await router.built();
  const rival = process.env['WGOSPF_RIVAL'];
  return [
    { name: 'node -e 0', command: [process.execPath, '-e', '0'] },
    ...commandsOf('wgospf', program, counts),
    ...(rival === undefined ? [] : commandsOf('rival', rival, counts)),
  ];
}

/** The first round is not counted: it fills the caches, also that of compiled code. */
async function measure(router: Router, all: readonly Contender[], runs: number): Promise<Map<string, number[]>> {
  const found = new Map<string, number[]>(all.map(({ name }) => [name, []]));
  for (let run = 0; run <= runs; run++) {
    for (const { name, command } of all) {
      const ms = await cpu(router, command);
      if (run > 0) found.get(name)?.push(ms);
    }
  }
  return found;
}

export const startup: Benchmark = async ({ counts, runs }) => {
  const lab = await makeLab();
  try {
    const router = await lab.router('hub');
    await router.makeKey('keys/hub.key');
    for (const count of counts) await router.writeFile(stateFile(count), hubState(hubTunnels(count)), 0o640);
    const found = await measure(router, await contenders(router, counts), runs);
    const medians = [...found].map(([name, values]) => ({ name, ms: median(values) }));
    const base = medians[0]?.ms ?? Number.NaN;
    const rows = medians.map(({ name, ms }) => ({ name, ms, ratio: ms / base }));
    return {
      data: { benchmark: 'startup', counts, runs, medians: rows },
      text: [
        `CPU time of commands and their children, median of ${runs}`,
        table([
          ['', 'ms', 'ratio'],
          ...rows.map(({ name, ms, ratio }) => [name, ms.toFixed(0), `${ratio.toFixed(1)}x`]),
        ]),
      ].join('\n'),
    };
  } finally {
    await lab.close();
  }
};
