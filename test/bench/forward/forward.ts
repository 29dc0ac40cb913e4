// The cost of forwarding a small packet through a router with many tunnels: wgospf's modes beside the hand-made rules and
// bare forwarding, interleaved in one run. The packets really go from one network namespace through another into a third.
import { execa } from 'execa';
import { median, table, type Benchmark } from '../benchmark.ts';
import { makeRival, modes, type Rival } from './modes.ts';
import { measurement, traffics, type Traffic } from './script.ts';
import { runInMachine } from './in-machine.ts';

export interface Cost {
  readonly mode: Rival['mode'];
  readonly tunnels: number;
  readonly traffic: Traffic;
  /** nanoseconds a packet, without the generator's own time; undefined if it could not be measured */
  readonly ns: number | undefined;
  /** relative to bare forwarding */
  readonly ratio: number | undefined;
  /** why there is no figure */
  readonly reason: string | undefined;
}

/** Seconds of one measurement. */
const EACH = 0.3;

/** In a separate mount namespace, so that its network namespaces have no names outside and end with it. */
async function runHere(script: string): Promise<string> {
  const { stdout } = await execa('unshare', ['--mount', '--propagation', 'private', 'bash'], { input: script });
  return stdout;
}

const headings: Readonly<Record<Traffic, string>> = {
  mesh: 'Forwarded from the last tunnel to a local network',
  underlay: "Forwarded by the underlay, not the mesh's",
  own: "Sent by the router itself over the underlay, as WireGuard's encrypted packets are; with the generator's own time",
};

/** The script's lines, by their first two words: the numbers of one rival and traffic. */
function numbersOf(lines: readonly string[][], ...words: readonly string[]): number[] {
  return lines.filter((line) => words.every((word, i) => line[i] === word)).map((line) => Number(line[words.length]));
}

/** The router's own packets are sent in another way than the generator's, so nothing is subtracted from them. */
function nanoseconds(lines: readonly string[][], index: number, traffic: Traffic): number | undefined {
  const found = numbersOf(lines, 'ns', String(index), traffic);
  if (found.length === 0) return undefined;
  return median(found) - (traffic === 'own' ? 0 : generatorOf(lines));
}

/** The time to send a packet that the router drops at once: the same for all rivals. */
const generatorOf = (lines: readonly string[][]): number => median(numbersOf(lines, 'generator'));

function reasonOf(lines: readonly string[][], index: number, traffic: Traffic): string | undefined {
  const failed = lines.find(([word, i]) => word === 'failed' && i === String(index));
  if (failed !== undefined) return failed.slice(2).join(' ') || 'it could not be set up';
  const lost = lines.find(([word, i, of]) => word === 'lost' && i === String(index) && of === traffic);
  return lost && `of ${lost[3]} packets ${lost[4]} arrived`;
}

function costsOf(rivals: readonly Rival[], lines: readonly string[][]): Cost[] {
  const bare = rivals.findIndex(({ mode }) => mode === 'bare');
  return rivals.flatMap(({ mode, tunnels }, index) =>
    traffics.map((traffic): Cost => {
      const reason = reasonOf(lines, index, traffic);
      const ns = reason === undefined ? nanoseconds(lines, index, traffic) : undefined;
      const base = nanoseconds(lines, bare, traffic);
      return { mode, tunnels, traffic, ns, ratio: ns && base && ns / base, reason };
    }),
  );
}

function textOf(costs: readonly Cost[], counts: readonly number[], traffic: Traffic): string {
  const cell = (mode: string, count: number): string => {
    const cost = costs.find(
      (c) => c.mode === mode && c.traffic === traffic && (c.tunnels === count || c.tunnels === 0),
    );
    return cost?.ns === undefined ? '-' : `${cost.ns.toFixed(0)} (${cost.ratio?.toFixed(2) ?? '-'})`;
  };
  const rows = modes.map((mode) => [mode, ...counts.map((count) => cell(mode, count))]);
  return [`${headings[traffic]}:`, table([['tunnels', ...counts.map(String)], ...rows])].join('\n');
}

const reasonsOf = (costs: readonly Cost[]): string[] => [
  ...new Set(costs.flatMap(({ mode, reason }) => (reason === undefined ? [] : [`${mode}: ${reason}`]))),
];

export const forward: Benchmark = async ({ counts, runs, vm }) => {
  const wanted = modes.flatMap((mode) => (mode === 'bare' ? [0] : counts).map((count) => ({ mode, count })));
  const rivals = await Promise.all(wanted.map(({ mode, count }, i) => makeRival(mode, count, `mesh${i}`)));
  const script = `echo "kernel $(uname -r)"\n${await measurement(rivals, { runs, seconds: EACH })}`;
  const output = await (vm ? runInMachine(script) : runHere(script));
  const kernel = /^kernel (.*)$/m.exec(output)?.[1] ?? '';
  const lines = output.split('\n').map((line) => line.split(' '));
  const generator = generatorOf(lines);
  const costs = costsOf(rivals, lines);
  const where = vm ? ', in a virtual machine that is emulated: only the ratios tell anything' : '';
  return {
    data: { benchmark: 'forward', kernel, vm, runs, generator, costs },
    text: [
      `Linux ${kernel}${where}. Nanoseconds a packet (against bare forwarding), median of ${runs} runs of ${EACH} s`,
      `To send one takes ${generator.toFixed(0)} ns, which is taken off of what is forwarded`,
      ...traffics.flatMap((traffic) => ['', textOf(costs, counts, traffic)]),
      ...reasonsOf(costs),
    ].join('\n'),
  };
};
