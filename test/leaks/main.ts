// The proof as a program: prints a row for each phase and exits with 1 if a packet crossed. Needs root.
//   node test/leaks/main.ts [--mode table] [--rp-filter 1] [--parts changes,faults] [--change-to netns] [--dwell 1] [--slow]
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parts, scenario } from './scenario.ts';
import { modes } from './states.ts';
import { details, head, line, verdict } from './table.ts';

const { values } = parseArgs({
  options: {
    mode: { type: 'string', default: 'table' },
    parts: { type: 'string', default: 'changes,faults,networkd,contrast' },
    'change-to': { type: 'string', default: '' },
    'rp-filter': { type: 'string', default: '1' },
    dwell: { type: 'string', default: '1' },
    slow: { type: 'boolean', default: false },
  },
});

/** Those of `all` that a comma-separated text names. */
function some<T extends string>(text: string, all: readonly T[]): T[] {
  const words = text.split(',').filter((word) => word !== '');
  return words.map((word) => {
    const found = all.find((name) => name === word);
    if (found === undefined) throw new Error(`${word} is none of ${all.join(', ')}`);
    return found;
  });
}

const [mode = 'table'] = some(values.mode, modes);
const rpFilter = ([0, 1, 2] as const).find((value) => String(value) === values['rp-filter']);
if (rpFilter === undefined) throw new Error('--rp-filter is 0, 1 or 2');

console.log(`mode ${mode}, rp_filter ${rpFilter} beforehand\n${head}`);
const proof = await scenario({
  ...{ mode, rpFilter, parts: some(values.parts, parts), changeTo: some(values['change-to'], modes) },
  dwell: Number(values.dwell),
  // an emulated machine sends as fast as it can
  rate: values.slow ? { sharp: 100, plain: 500 } : { sharp: 10, plain: 50 },
  guard: process.env['WGOSPF_GUARD'] ?? fileURLToPath(new URL('../../systemd/wgospf-guard', import.meta.url)),
  tell: (phase) => console.log([line(phase), ...details(phase)].join('\n')),
});
console.log(verdict(proof));
process.exitCode = proof.faults.length === 0 ? 0 : 1;
