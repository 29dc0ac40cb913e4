// The proof as a program: prints a row for each phase and exits with 1 where a packet crossed. Wants root.
//   node test/leaks/main.ts [--mode table] [--rp-filter 1] [--dwell 1] [--slow]
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { scenario } from './scenario.ts';
import { modes, type Mode } from './states.ts';
import { details, head, line } from './table.ts';

const { values } = parseArgs({
  options: {
    mode: { type: 'string', default: 'table' },
    'rp-filter': { type: 'string', default: '1' },
    dwell: { type: 'string', default: '1' },
    slow: { type: 'boolean', default: false },
  },
});

const mode = modes.find((name) => name === values.mode);
if (mode === undefined) throw new Error(`--mode is one of ${modes.join(', ')}`);

async function prove(of: Mode): Promise<number> {
  console.log(`mode ${of}, rp_filter ${values['rp-filter']} beforehand\n${head}`);
  const { faults, contrast, asFound } = await scenario({
    mode: of,
    rpFilter: Number(values['rp-filter']) as 0 | 1 | 2,
    dwell: Number(values.dwell),
    rate: values.slow ? { sharp: 100, plain: 500 } : { sharp: 10, plain: 50 },
    guard: process.env['WGOSPF_GUARD'] ?? fileURLToPath(new URL('../../systemd/wgospf-guard', import.meta.url)),
    tell: (phase) => console.log([line(phase), ...details(phase)].join('\n')),
  });
  console.log(`as found after down: ${asFound}; phases of the seed's stanzas: ${contrast.length}`);
  console.log(faults.length === 0 ? 'nothing of ours crossed' : `FAULTS\n${faults.join('\n')}`);
  return faults.length === 0 ? 0 : 1;
}

process.exitCode = await prove(mode);
