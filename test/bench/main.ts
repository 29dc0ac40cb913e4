// `npm run -s bench -- NAME [--json] [...]`: every number that the documentation names comes from here. Rivals run side by
// side in one run; what counts is the ratio.
import { bringup } from './bringup.ts';
import type { Benchmark, BenchmarkOptions } from './benchmark.ts';
import { costs } from './costs.ts';
import { edit } from './edit.ts';
import { idle } from './idle.ts';
import { repair } from './repair.ts';
import { soak } from './soak.ts';

interface Entry {
  readonly run: Benchmark;
  /** what it takes where nothing is said */
  readonly defaults: BenchmarkOptions;
}

const benchmarks: Readonly<Record<string, Entry>> = {
  bringup: { run: bringup, defaults: { tunnels: 100, runs: 3 } },
  costs: { run: costs, defaults: { tunnels: 100, runs: 5 } },
  edit: { run: edit, defaults: { tunnels: 100, runs: 100 } },
  idle: { run: idle, defaults: { tunnels: 3, runs: 300 } },
  soak: { run: soak, defaults: { tunnels: 3, runs: 600 } },
  repair: { run: repair, defaults: { tunnels: 20, runs: 200 } },
};

const usage = `usage: npm run -s bench -- ${Object.keys(benchmarks).join('|')} [--json] [--tunnels N] [--runs N]
  edit: --runs edits; idle, soak: --runs seconds`;

function number(args: readonly string[], name: string, fallback: number): number {
  const at = args.indexOf(name);
  const value = at === -1 ? fallback : Number(args[at + 1]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} takes a whole number from 1\n${usage}`);
  return value;
}

const [name = '', ...args] = process.argv.slice(2);
const benchmark = benchmarks[name];
if (benchmark === undefined) {
  console.error(usage);
  process.exitCode = 64;
} else if (process.getuid?.() !== 0) {
  console.error(`bench ${name}: makes network namespaces and must be root (try: sudo npm run -s bench -- ${name})`);
  process.exitCode = 4;
} else {
  const { run, defaults } = benchmark;
  const tunnels = number(args, '--tunnels', defaults.tunnels);
  const result = await run({ tunnels, runs: number(args, '--runs', defaults.runs) });
  console.log(args.includes('--json') ? JSON.stringify(result.data, undefined, 2) : result.text);
}
