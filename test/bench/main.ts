// `npm run -s bench -- NAME [--json] [...]`: prints every number that the documentation names. Rivals run side by
// side in one run; only the ratio counts.
import { bringup } from './bringup.ts';
import type { Benchmark, BenchmarkOptions } from './benchmark.ts';
import { coldstart } from './coldstart/coldstart.ts';
import { costs } from './costs.ts';
import { edit } from './edit.ts';
import { foreignRoutes } from './foreign-routes.ts';
import { forward } from './forward/forward.ts';
import { idle } from './idle.ts';
import { pass } from './pass.ts';
import { readers } from './readers.ts';
import { repair } from './repair.ts';
import { soak } from './soak.ts';
import { startup } from './startup.ts';

interface Entry {
  readonly run: Benchmark;
  readonly defaults: { readonly tunnels: number | readonly number[]; readonly runs: number };
}

const benchmarks: Readonly<Record<string, Entry>> = {
  bringup: { run: bringup, defaults: { tunnels: 100, runs: 3 } },
  coldstart: { run: coldstart, defaults: { tunnels: 200, runs: 5 } },
  costs: { run: costs, defaults: { tunnels: 100, runs: 5 } },
  edit: { run: edit, defaults: { tunnels: 100, runs: 100 } },
  forward: { run: forward, defaults: { tunnels: [10, 100, 1000], runs: 5 } },
  'foreign-routes': { run: foreignRoutes, defaults: { tunnels: 10, runs: 9 } },
  idle: { run: idle, defaults: { tunnels: 3, runs: 300 } },
  pass: { run: pass, defaults: { tunnels: 1000, runs: 5 } },
  soak: { run: soak, defaults: { tunnels: 3, runs: 600 } },
  readers: { run: readers, defaults: { tunnels: 20, runs: 50 } },
  repair: { run: repair, defaults: { tunnels: 20, runs: 200 } },
  startup: { run: startup, defaults: { tunnels: [3, 100], runs: 15 } },
};

const usage = `usage: npm run -s bench -- ${Object.keys(benchmarks).join('|')} [--json] [--tunnels N] [--runs N]
  edit: --runs edits; idle, soak: --runs seconds; forward, startup: --tunnels 10,100,1000; forward: --vm for a virtual machine`;

function numbers(args: readonly string[], name: string, fallback: number | readonly number[]): readonly number[] {
  const at = args.indexOf(name);
  const values = at === -1 ? [fallback].flat() : (args[at + 1] ?? '').split(',').map(Number);
  if (values.some((value) => !Number.isInteger(value) || value < 1))
    throw new Error(`${name} takes a whole number from 1\n${usage}`);
  return values;
}

function optionsOf(args: readonly string[], { defaults }: Entry): BenchmarkOptions {
  const counts = numbers(args, '--tunnels', defaults.tunnels);
  const runs = numbers(args, '--runs', defaults.runs);
  if (runs.length > 1 || (counts.length > 1 && typeof defaults.tunnels === 'number'))
    throw new Error(`one number is wanted\n${usage}`);
  return { counts, tunnels: counts[0] ?? 1, runs: runs[0] ?? 1, vm: args.includes('--vm') };
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
  const result = await benchmark.run(optionsOf(args, benchmark));
  console.log(args.includes('--json') ? JSON.stringify(result.data, undefined, 2) : result.text);
}
