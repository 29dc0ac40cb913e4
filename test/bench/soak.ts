// test/netns/lab/soak.ts for `--runs` seconds, printed as numbers. SEED=N has other steps.
import { soak as run } from '../netns/lab/soak.ts';
import { table, type Benchmark } from './benchmark.ts';

export const soak: Benchmark = async ({ runs: seconds }) => {
  const seed = Number(process.env['SEED'] ?? 1);
  const report = await run({ seconds, seed });
  const { steps, faults, descriptors, rss } = report;
  return {
    data: { benchmark: 'soak', seconds, seed, ...report },
    text: [
      `${seconds} s of edits, damage and kills, seed ${seed}`,
      table([['', 'times'], ...Object.entries(steps).map(([name, times]) => [name, String(times)])]),
      `daemon, after 100 edits and damages and after 300: ${descriptors.early} and ${descriptors.late} descriptors, ` +
        `${rss.early} and ${rss.late} MiB`,
      faults.length === 0 ? "in sync at the end, others' objects as they were" : faults.join('\n'),
    ].join('\n'),
  };
};
