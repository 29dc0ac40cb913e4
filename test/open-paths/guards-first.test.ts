// A guard that cannot be written holds back what it guards: no address, no link, no forwarding, and no path is open.
import { afterAll, describe, expect, it } from 'vitest';
import type { Operation, Result } from '../../src/engine/types.ts';
import { MESH_GUARD } from '../../src/resources/tags.ts';
import { goldenCases } from '../golden/golden-case.ts';
import { createWalker, noCount } from './law.ts';
import { plansOf } from './plans.ts';

const guardOf = ({ provides = [] }: Operation): string | undefined => provides.find((tag) => tag.startsWith('guard:'));

/** Carries packets of the mesh once it is done: what it is about, or `''` for the whole host. */
function opens({ kind, stage, action, payload, key }: Operation): string | undefined {
  const { do: what, spec, change } = payload as {
    do?: string;
    spec?: { dev?: string; value?: string };
    change?: { up?: boolean };
  };
  if (kind === 'address' && what === 'add') return spec?.dev;
  if (kind === 'link' && change?.up === true) return key;
  if (kind === 'master' && stage === 'link-enslave' && action !== 'delete') return key;
  if (kind === 'sysctl' && what === 'set' && /forward(ing)?$/.test(key) && spec?.value === '1') return '';
  return undefined;
}

/** Done although `guard` failed: of a guard of the whole mesh anything, of an interface's what is about that or the whole host. */
function tooEarly(results: readonly Result[], guard: string): string[] {
  return results
    .filter(({ operation, outcome }) => {
      const of = opens(operation);
      if (outcome.status !== 'done' || of === undefined) return false;
      return guard === MESH_GUARD || of === '' || guard === `guard:${of}`;
    })
    .map(({ operation }) => operation.command);
}

const count = { ...noCount(), held: 0 };
afterAll(() => {
  const { plans, walks, held, opened } = count;
  console.log(`guards that failed: ${walks} in ${plans} plans; operations held back: ${held}; opened paths: ${opened}`);
});

describe.each(goldenCases)('$name', (golden) => {
  it('does nothing that a guard shall stand before where that guard cannot be written', async () => {
    for (const plan of await plansOf(golden)) {
      const guards = plan.operations.flatMap((operation, at) => {
        const guard = operation.action === 'delete' ? undefined : guardOf(operation);
        return guard === undefined ? [] : [{ at, guard }];
      });
      if (guards.length === 0) continue;
      count.plans += 1;
      const walker = createWalker(plan, count);
      for (const { at, guard } of guards) {
        const { results, opened } = await walker.try({ at, how: 'fails' });
        const what = `${plan.name}: ${plan.operations[at]?.command ?? ''}`;
        expect(tooEarly(results, guard), what).toEqual([]);
        expect(opened, what).toEqual([]);
        count.held += results.filter(({ outcome }) => outcome.status === 'blocked').length;
      }
    }
  });
});
