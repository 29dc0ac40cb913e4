// The time from an edit of state.yaml under `wgospf run` until the kernel (or BIRD) has it. The file is renamed into place,
// as editors do it; a file that is written in place is read 150 ms later, because nobody reports when it is complete.
import { startDaemon } from '../netns/lab/daemon.ts';
import type { Router } from '../netns/lab/router.ts';
import { percentile, table, type Benchmark } from './benchmark.ts';
import { hubState, hubTunnels } from './hub.ts';
import { withHubRouter } from './hub-router.ts';

interface Edit {
  readonly text: string;
  /** exits with 0 as soon as the edit has taken effect */
  readonly there: string;
}

/** The n-th edit of each kind, to the state of `count` tunnels; a removal undoes the addition before it. */
const kinds: Readonly<Record<string, (count: number, n: number) => Edit>> = {
  cost: (count, n) => ({
    text: hubState(hubTunnels(count)).replace('cost: 15', `cost: ${20 + n}`),
    there: `birdc 'show ospf interface mesh4 "wg1"' | grep >/dev/null 'Cost: ${20 + n}$'`,
  }),
  endpoint: (count, n) => ({
    text: hubState(hubTunnels(count)).replace('198.51.100.254:51820', `198.51.100.253:${4000 + n}`),
    there: `wg show wg1 endpoints | grep >/dev/null ':${4000 + n}$'`,
  }),
  add: (count) => ({
    text: hubState(hubTunnels(count + 1)),
    there: `ip route show table 2 dev wg${count + 1} 2>/dev/null | grep >/dev/null /31`,
  }),
  remove: (count) => ({ text: hubState(hubTunnels(count)), there: `! test -e /sys/class/net/wg${count + 1}` }),
};

interface Timed {
  readonly kind: string;
  readonly ms: number;
}

/** One shell takes both times inside; each of its looks takes some milliseconds, which count as ours. */
async function timeEdit(router: Router, kind: string, { text, there }: Edit): Promise<Timed> {
  await router.writeFile('/etc/wgospf/.new', text, 0o640);
  const script = `
    cd /etc/wgospf; start=$EPOCHREALTIME; mv .new state.yaml
    until ${there}; do :; done; end=$EPOCHREALTIME
    echo $((\${end/./} - \${start/./}))`;
  const micros = Number(await router.sh(script));
  await router.sh('sleep 0.3'); // the consequences of the change are over
  return { kind, ms: micros / 1000 };
}

const measure = (count: number, runs: number): Promise<Timed[]> =>
  withHubRouter(count, async ({ router }) => {
    const daemon = await startDaemon(router);
    const found: Timed[] = [];
    for (let n = 0; found.length < runs; n++) {
      for (const [kind, edit] of Object.entries(kinds)) found.push(await timeEdit(router, kind, edit(count, n)));
    }
    await daemon.stop();
    return found;
  });

const rows = (count: number, all: readonly Timed[]): string[][] =>
  ['all', ...Object.keys(kinds)].map((kind) => {
    const ms = all.filter((one) => kind === 'all' || one.kind === kind).map((one) => one.ms);
    return [`${count} tunnels, ${kind}`, String(ms.length), ...[0.5, 0.95].map((p) => percentile(ms, p).toFixed(0))];
  });

export const edit: Benchmark = async ({ tunnels, runs }) => {
  const few = await measure(3, runs);
  const many = await measure(tunnels, runs);
  return {
    data: { benchmark: 'edit', runs, edits: { 3: few, [tunnels]: many } },
    text: [
      'milliseconds from renaming state.yaml into place until the kernel or BIRD has the edit',
      table([['', 'edits', 'p50', 'p95'], ...rows(3, few), ...rows(tunnels, many)]),
    ].join('\n'),
  };
};
