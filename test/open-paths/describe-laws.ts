// Two laws of every plan. A guard that cannot be written holds back addresses, links and forwarding. And after every single
// operation no path is open that was not open before: of the unit tests' plans as they are and with some operations failing or done
// twice, of `npm run test:open-paths` with each of them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goldenCases } from '../golden/golden-case.ts';
import { guardWrites, withoutGuard } from './guards-first.ts';
import { createWalker, noCount, type Walker } from './law.ts';
import { plansOf, type WalkedPlan } from './plans.ts';
import type { Disturbance } from './walk.ts';

/** Every n-th operation is disturbed, each plan's from another one on; every third case on a router that is busy already. */
const EVERY = Number(process.env['OPEN_PATHS_EVERY'] ?? 60);
const BUSY_EVERY = EVERY === 1 ? 1 : 3;

/**
 * What others have put beside ours opens a path when ours comes: another's route in the mesh's table. Such a state is undone after
 * its pass (test/leak-check/reconcile-closed.test.ts).
 */
const BY_OTHERS: Readonly<Record<string, string>> = { 'foreign-beside-ours': ' leaves by br0, table 2:' };

const nth = (operations: WalkedPlan['operations'], from: number): Disturbance[] =>
  [...operations.keys()]
    .filter((at) => (at + from) % EVERY === 0)
    .flatMap((at): Disturbance[] => [
      { at, how: 'fails' },
      { at, how: 'twice' },
    ]);

async function oursOf(name: string, tried: ReturnType<Walker['try']>): Promise<string[]> {
  const others = BY_OTHERS[name];
  return (await tried).opened.filter((path) => others === undefined || !path.includes(others));
}

const where = ({ name, operations }: WalkedPlan, at = -1, how = ''): string =>
  [name, operations[at]?.command ?? '', how].join(' ').trim();

/** One share of the cases, every `of`-th: each share is a file of its own, and files run side by side. */
export function describeLaws(share: number, of: number): void {
  const count = { ...noCount(), guards: 0, held: 0 };
  const cases = goldenCases.filter((_, at) => at % of === share).map((golden, at) => ({ ...golden, at }));

  describe.each(cases)('$name', (golden) => {
    let plans: readonly WalkedPlan[];
    beforeAll(async () => {
      plans = await plansOf(golden, golden.at % BUSY_EVERY === 0 ? ['plain', 'busy'] : ['plain']);
    });

    it('an operation that awaits a guard does not run if the guard cannot be written', async () => {
      for (const plan of plans)
        for (const write of guardWrites(plan.operations)) {
          const { held, tooEarly } = await withoutGuard(plan.operations, write);
          expect(tooEarly, where(plan, write.at)).toEqual([]);
          count.guards += 1;
          count.held += held;
        }
    });

    it('no step opens a path', { timeout: 3_600_000 }, async () => {
      for (const plan of plans) {
        count.plans += 1;
        const walker = createWalker(plan, count);
        for (const one of [undefined, ...nth(plan.operations, count.plans)]) {
          const opened = await oursOf(golden.name, walker.try(one));
          count.opened += opened.length;
          expect(opened, where(plan, one?.at, one?.how)).toEqual([]);
        }
      }
    });
  });

  afterAll(() => {
    const { guards, held, plans, walks, steps, questions, opened } = count;
    console.log(`guards that failed: ${guards}, operations that they held back: ${held}`);
    console.log(`plans: ${plans}, walks: ${walks}, steps: ${steps}, questions: ${questions}, opened paths: ${opened}`);
  });
}
