// A hub from nothing to converged: `wgospf apply` beside a shell script of `wg setconf` and `ip -batch` that does the same
// work, both with the same WireGuard and BIRD, each run in a separate router.
import { performance } from 'node:perf_hooks';
import type { Router } from '../netns/lab/router.ts';
import { median, table, type Benchmark } from './benchmark.ts';
import { countedForks, countingPath } from './count-forks.ts';
import { hubBatch, hubOperations, hubSetconf, hubState, hubTunnels, type HubTunnel } from './hub.ts';
import { makeBareHub, makeHubLab } from './hub-router.ts';

interface Bringup {
  readonly seconds: number;
  readonly operations: number;
  /** WireGuard devices that ended themselves meanwhile, and were started again */
  readonly lost: number;
}

type Contender = (router: Router, tunnels: readonly HubTunnel[], path?: string) => Promise<Bringup>;

const env = (path: string | undefined): { env?: Record<string, string> } =>
  path === undefined ? {} : { env: { PATH: path } };

interface Report {
  readonly results: readonly {
    readonly operation: { readonly kind: string; readonly key: string; readonly action: string };
  }[];
  readonly inSync: boolean;
}

/** Repeats, as the daemon would, while something is left to do. */
const wgospf: Contender = async (router, tunnels, path) => {
  await router.writeState(hubState(tunnels));
  const start = performance.now();
  let operations = 0;
  let made = 0;
  for (;;) {
    const { stdout } = await router.wgospf(['apply', '--adopt', '--json'], {
      ...env(path),
      timeout: 300,
      mayFail: true,
    });
    const { results, inSync } = JSON.parse(stdout) as Report;
    operations += results.length;
    made += results.filter(({ operation: { kind, action } }) => kind === 'link' && action === 'create').length;
    if (inSync) break;
    if (performance.now() - start > 300_000) throw new Error('bringup: the router is not in sync');
  }
  return { seconds: (performance.now() - start) / 1000, operations, lost: made - tunnels.length };
};

/** ip(8) complains about lines that were done before, or about a device that ended itself; the next round checks these. */
const script = (tunnels: readonly HubTunnel[]): string => `
devices='${tunnels.map(({ name }) => name).join(' ')}'
missing() { for dev in $devices; do test -e /sys/class/net/$dev || echo $dev; done; }
lost=0
for round in 1 2 3 4 5; do
  want=$(missing)
  test -n "$want" || break
  test $round = 1 || lost=$((lost + $(echo "$want" | wc -l)))
  for dev in $want; do
    wireguard-go $dev >/dev/null 2>&1
    wg setconf $dev /etc/wireguard/$dev.conf
  done
  ip -force -batch /etc/wgospf/batch4 2>/dev/null
  ip -6 -force -batch /etc/wgospf/batch6 2>/dev/null
done
test -z "$(missing)" || exit 1
sysctl -qw net.ipv4.ip_forward=1
install -m 640 -o root -g bird /etc/wgospf/bird.conf /etc/bird/bird.conf
birdc configure >/dev/null
echo $lost
`;

const batch: Contender = async (router, tunnels, path) => {
  const privateKey = (await router.sh('wg genkey')).trim();
  await router.sh('mkdir -p /etc/wgospf && mount -t tmpfs tmpfs /etc/wireguard || mkdir -p /etc/wireguard');
  for (const tunnel of tunnels)
    await router.writeFile(`/etc/wireguard/${tunnel.name}.conf`, hubSetconf(tunnel, privateKey), 0o600);
  const { v4, v6 } = hubBatch(tunnels);
  await router.writeFile('/etc/wgospf/batch4', v4);
  await router.writeFile('/etc/wgospf/batch6', v6);
  await router.writeFile('/etc/wgospf/bird.conf', await router.readFile('/etc/bird/bird.conf'));
  const start = performance.now();
  const { stdout } = await router.exec('bash', ['-c', script(tunnels)], { ...env(path), timeout: 300 });
  const seconds = (performance.now() - start) / 1000;
  return { seconds, operations: hubOperations(tunnels), lost: Number(stdout) };
};

interface Measured extends Bringup {
  readonly forks: number;
}

/** Counting slows a run down, so it has a separate run. */
async function measure(contender: Contender, tunnels: readonly HubTunnel[], counted: boolean): Promise<Measured> {
  const lab = await makeHubLab(tunnels.length);
  try {
    const router = await makeBareHub(lab);
    await router.wgospf(['version']); // built before the measurement starts
    const path = counted ? await countingPath(router) : undefined;
    const found = await contender(router, tunnels, path);
    return { ...found, forks: counted ? await countedForks(router) : 0 };
  } finally {
    await lab.close();
  }
}

/** The contenders take turns, so that other load of the machine affects both. */
async function contend(
  contenders: readonly Contender[],
  tunnels: readonly HubTunnel[],
  runs: number,
): Promise<Measured[]> {
  const found: Measured[][] = contenders.map(() => []);
  for (let run = 0; run < runs; run++) {
    for (const [i, contender] of contenders.entries()) {
      found[i]?.push(await measure(contender, tunnels, false));
    }
  }
  const counted: Measured[] = [];
  for (const [i, contender] of contenders.entries()) {
    const runsOf = found[i] ?? [];
    const lost = runsOf.reduce((sum, run) => sum + run.lost, 0);
    counted.push({
      ...(await measure(contender, tunnels, true)),
      seconds: median(runsOf.map((run) => run.seconds)),
      lost,
    });
  }
  return counted;
}

export const bringup: Benchmark = async ({ tunnels: count, runs }) => {
  const tunnels = hubTunnels(count);
  const [ours, theirs] = await contend([wgospf, batch], tunnels, runs);
  if (ours === undefined || theirs === undefined) throw new Error('bringup: nothing measured');
  const ratio = ours.seconds / theirs.seconds;
  const row = (name: string, { seconds, operations, forks, lost }: Measured): string[] => [
    name,
    seconds.toFixed(2),
    String(operations),
    String(forks),
    String(lost),
  ];
  return {
    data: { benchmark: 'bringup', tunnels: count, runs, wgospf: ours, batch: theirs, ratio },
    text: [
      `${count} tunnels from nothing, wireguard-go, median of ${runs} runs; lost: devices that ended themselves, in all of them`,
      table([
        ['', 'seconds', 'operations', 'forks', 'lost'],
        row('wgospf apply', ours),
        row('wg setconf, ip -batch', theirs),
      ]),
      `wgospf takes ${ratio.toFixed(2)} of the script's time`,
    ].join('\n'),
  };
};
