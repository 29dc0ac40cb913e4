// How long damage by somebody else stays while `wgospf run` watches, beside the time that `ip monitor` takes to see
// the same event. `ip monitor` gives both times, so its own delay cancels out of the difference.
import { startDaemon } from '../netns/lab/daemon.ts';
import { tunnelDamages, type ReportedDamage } from '../netns/lab/damages.ts';
import { eventually } from '../netns/lab/eventually.ts';
import type { Router } from '../netns/lab/router.ts';
import type { Running } from '../netns/lab/running.ts';
import { percentile, table, type Benchmark } from './benchmark.ts';
import type { HubTunnel } from './hub.ts';
import { withHubRouter } from './hub-router.ts';

export interface Trial {
  readonly kind: string;
  /** milliseconds from the start of the damaging command to the event in `ip monitor` */
  readonly seen: number;
  /** milliseconds from that event to the one that shows the object complete */
  readonly gone: number;
}

interface Line {
  /** milliseconds since the epoch */
  readonly at: number;
  readonly text: string;
}

/** `[2026-11-22T19:25:18.918725] 2: wg1: <...`, in local time */
function parseLine(line: string): Line[] {
  const [, seconds, micros, text] = /^\[(\S+)\.(\d{6})\] (.*)$/.exec(line) ?? [];
  return seconds === undefined || text === undefined ? [] : [{ at: Date.parse(seconds) + Number(micros) / 1000, text }];
}

async function tryOne(router: Router, monitor: Running, damage: ReportedDamage): Promise<Trial> {
  const from = monitor.output().length;
  const start = 1000 * Number(await router.sh(`echo $EPOCHREALTIME; ${damage.command}`));
  return eventually(
    () => {
      const lines = monitor.output().slice(from).split('\n').slice(0, -1).flatMap(parseLine);
      const gone = lines.findIndex(({ text }) => damage.gone.test(text));
      const back = gone === -1 ? undefined : lines.slice(gone + 1).find(({ text }) => damage.back.test(text));
      const seen = lines[gone];
      if (seen === undefined || back === undefined) throw new Error(`${damage.command}: not repaired`);
      return { kind: damage.name, seen: seen.at - start, gone: back.at - seen.at };
    },
    { within: 30, every: 10 },
  );
}

/** It listens when it has printed an event. */
async function startMonitor(router: Router): Promise<Running> {
  const monitor = router.start('ip', ['-ts', '-o', 'monitor', 'link', 'address', 'route', 'rule', 'netconf']);
  await eventually(async () => {
    await router.sh('ip address add 192.0.2.1/32 dev lo; ip address del 192.0.2.1/32 dev lo');
    if (!monitor.output().includes('192.0.2.1')) throw new Error('ip monitor tells of nothing');
  });
  return monitor;
}

export async function damageTunnels(router: Router, tunnels: readonly HubTunnel[], trials: number): Promise<Trial[]> {
  const monitor = await startMonitor(router);
  const found: Trial[] = [];
  for (let n = 0; n < trials; n++) {
    // another object in each trial: damage to the same one five times a minute is a fight, and would be left alone for a while
    const kinds = tunnelDamages({ name: '', network: '' }).length;
    const tunnel = tunnels[(Math.floor(n / kinds) + 7 * (n % kinds)) % tunnels.length];
    const damage = tunnel && tunnelDamages(tunnel)[n % kinds];
    if (damage === undefined) throw new Error('no tunnels');
    found.push(await tryOne(router, monitor, damage));
    await eventually(() => router.sh(damage.intact));
    // the daemon's own second look is over by then: damage seldom comes at the same time
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  await monitor.stop();
  return found;
}

const row = (name: string, trials: readonly Trial[]): string[] => {
  const both = (values: readonly number[]): string[] =>
    [0.5, 0.95].map((share) => percentile(values, share).toFixed(1));
  return [
    name,
    String(trials.length),
    ...both(trials.map(({ seen }) => seen)),
    ...both(trials.map(({ gone }) => gone)),
  ];
};

export const repair: Benchmark = ({ tunnels: count, runs }) =>
  withHubRouter(count, async ({ router, tunnels }) => {
    const daemon = await startDaemon(router);
    const trials = await damageTunnels(router, tunnels, runs);
    await daemon.stop();
    const kinds = [...Map.groupBy(trials, ({ kind }) => kind)];
    const head = ['', 'trials', 'seen p50', 'p95', 'gone p50', 'p95'];
    return {
      data: { benchmark: 'repair', tunnels: count, runs, trials },
      text: [
        `${count} tunnels, wireguard-go; milliseconds until ip monitor saw the damage, and from then until it was repaired`,
        table([
          head,
          ...kinds.map(([kind, ofKind]) => row(kind, ofKind)),
          row('all', trials),
          // a link that must be made anew waits for its wireguard-go
          row(
            'all but deleted links',
            trials.filter(({ kind }) => kind !== 'link deleted'),
          ),
        ]),
      ].join('\n'),
    };
  });
