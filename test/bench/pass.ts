// The cost of a pass of `wgospf run` with nothing to do, beside `ip -j` and `wg` that list the same objects: processor time, in one
// virtual machine with the kernel's WireGuard, one after the other.
import type { Machine } from '../vm/machine/types.ts';
import { median, table, type Benchmark } from './benchmark.ts';
import { hubTunnels } from './hub.ts';
import { hubFiles, SECONDS, withHubMachine } from './hub-machine.ts';

/** Fields 14-17 of /proc/PID/stat, of the shell itself or of a process: times in hundredths of a second (proc(5)). */
const own = (pid: string): string => `awk '{ print $14 + $15 }' /proc/${pid}/stat`;
const children = `awk '{ print $16 + $17 }' /proc/$$/stat`;

/** One script each, so that only the listing is a child of the shell; `ip` and `wg` are fast, so each runs ten times. */
const LISTING = `for n in 1 2 3 4 5 6 7 8 9 10; do
  ip -j link; ip -j address; ip -j rule; ip -j -6 rule; ip -j route show table 2; ip -j -6 route show table 2; wg show all dump
done >/dev/null
${children}`;

/** A full pass follows a reload; everything before it has settled. */
const PASS = `pid=$(systemctl show -P MainPID wgospf); before=$(${own('$pid')})
wgospf reload >/dev/null
echo $(($(${own('$pid')}) - before))`;

async function hundredths(machine: Machine, script: string): Promise<number> {
  return Number((await machine.sh(script, { seconds: SECONDS })).split('\n').at(-1));
}

/** Needs root and QEMU. */
export const pass: Benchmark = async ({ tunnels: count, runs }) => {
  const passes: number[] = [];
  const listings: number[] = [];
  await withHubMachine({ name: 'bench-pass' }, async (machine) => {
    await machine.sh(`${hubFiles(hubTunnels(count))}wgospf apply --adopt >/dev/null; systemctl start wgospf`, {
      seconds: SECONDS,
    });
    await machine.sh('sleep 20; wgospf reload', { seconds: SECONDS });
    for (let run = 0; run < runs; run++) {
      passes.push((await hundredths(machine, PASS)) * 10);
      listings.push(await hundredths(machine, LISTING));
    }
  });
  const ratio = median(passes) / median(listings);
  return {
    data: { benchmark: 'pass', tunnels: count, runs, passes, listings, ratio },
    text: [
      `${count} tunnels with the kernel's WireGuard, in an emulated machine; processor ms, medians of ${runs}`,
      table([
        ['', 'ms', 'ratio'],
        ['ip -j, wg show: all links, addresses, rules, routes, tunnels', median(listings).toFixed(0), '1'],
        ['wgospf run: a pass that finds nothing to do', median(passes).toFixed(0), ratio.toFixed(1)],
      ]),
    ].join('\n'),
  };
};
