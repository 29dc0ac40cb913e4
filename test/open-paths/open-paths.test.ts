// After every single operation of every plan no path is open that was not open before; with some of the operations failing, and
// some done twice. `npm run test:open-paths` has each of them fail and be done twice.
import { afterAll, describe, expect, it } from 'vitest';
import { goldenCases } from '../golden/golden-case.ts';
import { createWalker, noCount } from './law.ts';
import { plansOf } from './plans.ts';
import type { Disturbance } from './walk.ts';

/** Every n-th operation is disturbed, each plan's from another one on. */
const EVERY = Number(process.env['OPEN_PATHS_EVERY'] ?? 12);

const count = noCount();
afterAll(() => {
  const { plans, walks, steps, questions, opened } = count;
  console.log(`plans: ${plans}; walks: ${walks}; steps: ${steps}; questions: ${questions}; opened paths: ${opened}`);
});

describe.each(goldenCases)('$name', (golden) => {
  it('opens no path at any step', { timeout: 600_000 }, async () => {
    for (const plan of await plansOf(golden)) {
      count.plans += 1;
      const walker = createWalker(plan, count);
      const some = plan.operations.keys().filter((at) => (at + count.plans) % EVERY === 0);
      const disturbances = [...some].flatMap((at): Disturbance[] => [
        { at, how: 'fails' },
        { at, how: 'twice' },
      ]);
      for (const disturbance of [undefined, ...disturbances]) {
        const { opened } = await walker.try(disturbance);
        const at = plan.operations[disturbance?.at ?? -1]?.command;
        expect(opened, `${plan.name}${at === undefined ? '' : `, ${at} ${disturbance?.how ?? ''}`}`).toEqual([]);
      }
    }
  });
});
