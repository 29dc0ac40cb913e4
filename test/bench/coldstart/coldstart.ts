// A hub from nothing, with the kernel's WireGuard: wgospf beside raw netlink in full buffers (floor.c), `ip -batch` with
// `wg setconf`, ifupdown and systemd-networkd, one after the other in one virtual machine. It is emulated: the ratios count.
import type { Machine } from '../../vm/machine/types.ts';
import { median, table, type Benchmark } from '../benchmark.ts';
import { hubTunnels } from '../hub.ts';
import { SECONDS, withHubMachine } from '../hub-machine.ts';
import { rivals, type Rival } from './rivals.ts';

interface Measured {
  /** until everything exists */
  readonly seconds: number;
  /** from its first operation to its last; undefined if only the whole is visible */
  readonly work: number | undefined;
  /** until udev has nothing left to do */
  readonly settled: number;
  /** processes that the machine started meanwhile, also udev's and threads (`processes` in /proc/stat) */
  readonly processes: number;
}

/** Restores the machine: no WireGuard link, no foreign rule, an empty table. */
const CLEAN = `
ip -o link show type wireguard | awk -F': ' '{ print "link del " $2 }' >/root/gone
ip -force -batch /root/gone 2>/dev/null
for f in -4 -6; do
  while ip $f rule del priority 0-4 2>/dev/null; do :; done
  ip $f rule flush
  ip $f rule add priority 32766 lookup main
  ip $f route flush table 2 2>/dev/null
done
ip rule add priority 32767 lookup default
udevadm settle --timeout=1200
`;

const TIMED = (run: string): string => `
forks() { awk '/^processes/ { print $2 }' /proc/stat; }
before=$(forks); start=$EPOCHREALTIME
${run}
end=$EPOCHREALTIME
udevadm settle --timeout=1200
last=$EPOCHREALTIME
echo "seconds $((\${end/./} - \${start/./})) $((\${last/./} - \${start/./})) $(($(forks) - before))"
`;

async function measure(machine: Machine, rival: Rival, count: number): Promise<Measured> {
  await machine.sh(`${rival.prepare}\nudevadm settle`, { seconds: SECONDS });
  const output = await machine.sh(TIMED(rival.run), { seconds: SECONDS });
  const [seconds, settled, processes] = (/^seconds (\d+) (\d+) (\d+)$/m.exec(output) ?? []).slice(1).map(Number);
  const work = /^work ([\d.]+)$/m.exec(output)?.[1];
  const there = Number(await machine.sh(`ip route show table 2 | grep -c '/31 dev wg'`));
  if (there !== count || seconds === undefined || settled === undefined || processes === undefined)
    throw new Error(`coldstart: ${rival.name} made ${there} of ${count} tunnels\n${output}`);
  await machine.sh(`${rival.clean}\n${CLEAN}`, { seconds: SECONDS });
  const micro = 1e6;
  return {
    ...{ seconds: seconds / micro, settled: settled / micro, processes },
    work: work === undefined ? undefined : Number(work),
  };
}

function row({ name }: Rival, found: readonly Measured[], base: readonly Measured[]): string[] {
  const of = (field: 'seconds' | 'settled' | 'processes', all = found): number => median(all.map((one) => one[field]));
  const works = found.flatMap(({ work }) => work ?? []);
  const ours = median(base.map(({ seconds, work }) => work ?? seconds));
  return [
    name,
    of('seconds').toFixed(2),
    works.length === 0 ? '' : median(works).toFixed(2),
    (ours / of('seconds')).toFixed(2),
    of('settled').toFixed(2),
    String(of('processes')),
  ];
}

/** Needs root, QEMU and gcc; takes from ten minutes to hours. */
export const coldstart: Benchmark = async ({ tunnels: count, runs }) => {
  const all = rivals(hubTunnels(count));
  const found = all.map((): Measured[] => []);
  await withHubMachine(
    { name: 'bench-coldstart', programs: { floor: 'test/bench/coldstart/floor.c' } },
    async (machine) => {
      for (let run = 0; run < runs; run++)
        for (const [i, rival] of all.entries()) found[i]?.push(await measure(machine, rival, count));
    },
  );
  const heading = ['', 'seconds', 'work', "wgospf's work / it", 'udev settled', 'processes'];
  return {
    data: { benchmark: 'coldstart', tunnels: count, runs, found: all.map(({ name }, i) => ({ name, runs: found[i] })) },
    text: [
      `${count} tunnels from nothing with the kernel's WireGuard, in an emulated machine; medians of ${runs}`,
      table([heading, ...all.map((rival, i) => row(rival, found[i] ?? [], found[0] ?? []))]),
    ].join('\n'),
  };
};
