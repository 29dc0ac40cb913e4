// Minutes of random edits, damage and kills on one router. SOAK=600 is ten minutes of them, SEED=N other ones.
import { expect, test } from 'vitest';
import { soak } from './lab/soak.ts';

const seconds = Number(process.env['SOAK'] ?? 60);
const seed = Number(process.env['SEED'] ?? 1);

test(`${seconds} s, seed ${seed}`, { timeout: (seconds + 300) * 1000 }, async () => {
  const { faults, steps, descriptors, rss } = await soak({ seconds, seed });
  expect(faults).toEqual([]);
  expect(Object.values(steps).reduce((sum, n) => sum + n, 0)).toBeGreaterThan(seconds / 5);
  expect(descriptors.late).toBeLessThanOrEqual(descriptors.early + 4);
  // while passes follow each other V8 grows its young generation, to three semi-spaces of 16 MiB; growth beyond that is ours
  expect(rss.late).toBeLessThan(rss.early + 60);
});
