// A hub from nothing to converged: `wgospf apply` beside a shell script of `wg setconf` and `ip -batch` that does the same
// set, both with the same WireGuard and BIRD, each run in a router of its own.
import { performance } from 'node:perf_hooks';
import { makeLab } from '../netns/lab/make-lab.ts';
import type { Router } from '../netns/lab/router.ts';
import { median, table, type Benchmark } from './benchmark.ts';
import { countedForks, countingPath } from './count-forks.ts';
import { hubBatch, hubOperations, hubSetconf, hubState, hubTunnels, type HubTunnel } from './hub.ts';

interface Bringup {
  readonly seconds: number;
  readonly operations: number;
}

type Contender = (router: Router, tunnels: readonly HubTunnel[], path?: string) => Promise<Bringup>;

const env = (path: string | undefined): { env?: Record<string, string> } =>
  path === undefined ? {} : { env: { PATH: path } };

const wgospf: Contender = async (router, tunnels, path) => {
  await router.writeState(hubState(tunnels));
  await router.makeKey('keys/hub.key');
  const start = performance.now();
  const { stdout } = await router.wgospf(['apply', '--adopt', '--json'], { ...env(path), timeout: 300 });
  const seconds = (performance.now() - start) / 1000;
  const report = JSON.parse(stdout) as { results: unknown[]; inSync: boolean };
  if (!report.inSync) throw new Error('bringup: the router is not in sync');
  return { seconds, operations: report.results.length };
};

const script = (tunnels: readonly HubTunnel[]): string => `
set -e
for dev in ${tunnels.map(({ name }) => name).join(' ')}; do
  wireguard-go $dev >/dev/null 2>&1
  wg setconf $dev /etc/wireguard/$dev.conf
done
ip -batch /etc/batch4
ip -6 -batch /etc/batch6
sysctl -qw net.ipv4.ip_forward=1
install -m 640 -o root -g bird /etc/wgospf/bird.conf /etc/bird/bird.conf
birdc configure >/dev/null
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
  const text = script(tunnels).replaceAll('/etc/batch', '/etc/wgospf/batch');
  await router.exec('bash', ['-c', text], { ...env(path), timeout: 300 });
  return { seconds: (performance.now() - start) / 1000, operations: hubOperations(tunnels) };
};

interface Measured extends Bringup {
  readonly forks: number;
}

/** Counting slows a run down, so it has a run of its own. */
async function measure(contender: Contender, tunnels: readonly HubTunnel[], counted: boolean): Promise<Measured> {
  const lab = await makeLab();
  try {
    const router = await lab.router('hub');
    await lab.host('local', router, { dev: 'eth1', address: '10.69.1.50/24', gateway: '10.69.1.11' });
    await router.startBird();
    await router.wgospf(['version']); // built before the clock runs
    const path = counted ? await countingPath(router) : undefined;
    const { seconds, operations } = await contender(router, tunnels, path);
    return { seconds, operations, forks: counted ? await countedForks(router) : 0 };
  } finally {
    await lab.close();
  }
}

/** The contenders take turns, so that what else the machine does falls on both. */
async function contend(
  contenders: readonly Contender[],
  tunnels: readonly HubTunnel[],
  runs: number,
): Promise<Measured[]> {
  const seconds: number[][] = contenders.map(() => []);
  for (let run = 0; run < runs; run++) {
    for (const [i, contender] of contenders.entries()) {
      seconds[i]?.push((await measure(contender, tunnels, false)).seconds);
    }
  }
  const counted: Measured[] = [];
  for (const [i, contender] of contenders.entries()) {
    counted.push({ ...(await measure(contender, tunnels, true)), seconds: median(seconds[i] ?? []) });
  }
  return counted;
}

export const bringup: Benchmark = async ({ tunnels: count, runs }) => {
  const tunnels = hubTunnels(count);
  const [ours, theirs] = await contend([wgospf, batch], tunnels, runs);
  if (ours === undefined || theirs === undefined) throw new Error('bringup: nothing measured');
  const ratio = ours.seconds / theirs.seconds;
  const row = (name: string, { seconds, operations, forks }: Measured): string[] => [
    name,
    seconds.toFixed(2),
    String(operations),
    String(forks),
  ];
  return {
    data: { benchmark: 'bringup', tunnels: count, runs, wgospf: ours, batch: theirs, ratio },
    text: [
      `${count} tunnels from nothing, wireguard-go, median of ${runs} runs`,
      table([['', 'seconds', 'operations', 'forks'], row('wgospf apply', ours), row('wg setconf, ip -batch', theirs)]),
      `wgospf takes ${ratio.toFixed(2)} of the script's time`,
    ].join('\n'),
  };
};
