// `npm run -s bench -- NAME [--json] [...]`: every number that the documentation names comes from here. Rivals run side by
// side in one run; what counts is the ratio.
import { bringup } from './bringup.ts';
import type { Benchmark } from './benchmark.ts';

const benchmarks: Readonly<Record<string, Benchmark>> = { bringup };

const usage = `usage: npm run -s bench -- ${Object.keys(benchmarks).join('|')} [--json] [--tunnels N] [--runs N]`;

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
  const result = await benchmark({ tunnels: number(args, '--tunnels', 100), runs: number(args, '--runs', 3) });
  console.log(args.includes('--json') ? JSON.stringify(result.data, undefined, 2) : result.text);
}
