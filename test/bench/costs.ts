// The most common edit: other costs in a hub's state file, of one tunnel or of all, with an adjacency on each tunnel. By
// `wgospf apply`, by `wgospf run` that watches the file, and by hand: `sed` in bird.conf and `birdc configure`, without any checks.
import { performance } from 'node:perf_hooks';
import { startDaemon } from '../netns/lab/daemon.ts';
import type { Router } from '../netns/lab/router.ts';
import { median, table, type Benchmark } from './benchmark.ts';
import { makePairedHub, type PairedHub } from './paired-hub.ts';

const edits = { one: (n: number): boolean => n === 1, all: (): boolean => true } as const;
type Edit = keyof typeof edits;

const contenders = ['wgospf apply', 'wgospf run', 'sed and birdc configure'] as const;

/** Returns when BIRD has the cost on the first tunnel. */
const until = (cost: number): string =>
  `until birdc 'show ospf interface mesh4 "wg1"' | grep >/dev/null 'Cost: ${cost}$'; do :; done`;

interface Measured {
  readonly edit: Edit;
  readonly contender: (typeof contenders)[number];
  /** until BIRD reports the cost, according to a separate birdc */
  readonly ms: number;
  readonly operations: number;
  /** adjacencies that are not Full in the moment after it; becoming Full again takes one a hello interval, 10 s */
  readonly resets: number;
}

interface Report {
  readonly results: readonly { readonly operation: { readonly impact: string } }[];
  readonly inSync: boolean;
}

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; done: T }> {
  const start = performance.now();
  const done = await work();
  return { ms: performance.now() - start, done };
}

async function applied(router: Router): Promise<number> {
  const { stdout } = await router.wgospf(['apply', '--json'], { timeout: 300 });
  const report = JSON.parse(stdout) as Report;
  if (!report.inSync) throw new Error('costs: the router is not in sync');
  return report.results.length;
}

async function byWgospf(
  { router, state, full }: PairedHub,
  count: number,
  edit: Edit,
  cost: number,
): Promise<Measured> {
  await router.writeState(state(cost, edits[edit]));
  const { ms, done } = await timed(async () => {
    const operations = await applied(router);
    await router.sh(until(cost));
    return operations;
  });
  return { edit, contender: 'wgospf apply', ms, operations: done, resets: count - (await full()) };
}

/** Starts from the costs that wgospf has just set; the state file is updated afterwards, outside of the measured time. */
async function byHand(hub: PairedHub, count: number, edit: Edit, cost: number): Promise<Measured> {
  const { router, state, full } = hub;
  const script = `sed -i 's/cost ${cost};/cost ${cost + 1};/' /etc/bird/bird.conf && birdc configure; ${until(cost + 1)}`;
  const { ms } = await timed(() => router.exec('sh', ['-c', script]));
  const resets = count - (await full());
  await router.writeState(state(cost + 1, edits[edit]));
  await applied(router);
  return { edit, contender: 'sed and birdc configure', ms, operations: 1, resets };
}

/** The file is renamed into place, as editors do it. */
async function byDaemon(
  { router, state, full }: PairedHub,
  count: number,
  edit: Edit,
  cost: number,
): Promise<Measured> {
  await router.writeFile('/etc/wgospf/.new', state(cost, edits[edit]), 0o640);
  const { ms } = await timed(() => router.sh(`mv /etc/wgospf/.new /etc/wgospf/state.yaml; ${until(cost)}`));
  return { edit, contender: 'wgospf run', ms, operations: 1, resets: count - (await full()) };
}

async function measure(count: number, runs: number): Promise<Measured[]> {
  const hub = await makePairedHub(count);
  try {
    const found: Measured[] = [];
    for (let run = 0; run < runs; run++) {
      for (const edit of ['one', 'all'] as const) {
        const cost = 100 + run * 10;
        found.push(await byWgospf(hub, count, edit, cost));
        found.push(await byHand(hub, count, edit, cost));
      }
    }
    const daemon = await startDaemon(hub.router);
    for (let run = 0; run < runs; run++) {
      for (const edit of ['one', 'all'] as const) {
        found.push(await byDaemon(hub, count, edit, 500 + 2 * run + (edit === 'all' ? 1 : 0)));
        await hub.router.sh('sleep 0.5'); // the consequences of the change are over
      }
    }
    await daemon.stop();
    return found;
  } finally {
    await hub.lab.close();
  }
}

interface Row {
  readonly edit: Edit;
  readonly contender: Measured['contender'];
  readonly operations: number;
  readonly ms: number;
  readonly resets: number;
}

function summary(all: readonly Measured[]): Row[] {
  return (['one', 'all'] as const).flatMap((edit) =>
    contenders.map((contender) => {
      const runs = all.filter((one) => one.edit === edit && one.contender === contender);
      const operations = Math.max(...runs.map((one) => one.operations));
      const resets = runs.reduce((sum, one) => sum + one.resets, 0);
      return { edit, contender, operations, ms: median(runs.map(({ ms }) => ms)), resets };
    }),
  );
}

export const costs: Benchmark = async ({ tunnels, runs }) => {
  const rows = summary(await measure(tunnels, runs));
  const cells = rows.map(({ edit, contender, operations, ms, resets }) => {
    const rival = rows.find((one) => one.edit === edit && one.contender === 'sed and birdc configure');
    const ratio = rival === undefined ? '' : `${(ms / rival.ms).toFixed(1)}x`;
    return [`${edit}, ${contender}`, String(operations), ms.toFixed(0), ratio, String(resets)];
  });
  return {
    data: { benchmark: 'costs', tunnels, runs, medians: rows },
    text: [
      `costs changed on a hub with ${tunnels} tunnels and as many adjacencies, one tunnel's or all, median of ${runs}`,
      table([['', 'operations', 'ms', 'ratio', 'resets'], ...cells]),
    ].join('\n'),
  };
};
