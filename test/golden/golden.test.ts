// Each golden case: the plan equals plan.txt, applying it leaves nothing to do, and nothing foreign changes.
// UPDATE_GOLDEN=1 writes plan.txt anew; read the difference as the operator of that router before you commit it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makePlan, reconcile } from '../../src/engine/reconcile.ts';
import { resources } from '../../src/resources/index.ts';
import { troublesOf } from '../fakes/troubles.ts';
import { borrowedBy, goldenCases, modelOf, prepareHost } from './golden-case.ts';
import { printPlan } from './print-plan.ts';

const update = process.env['UPDATE_GOLDEN'] === '1';

describe.each(goldenCases)('$name: $title', (golden) => {
  it('the plan is plan.txt', async () => {
    const host = await prepareHost(golden);
    const before = host.writes();
    const text = printPlan(await makePlan(host, resources, modelOf(golden, host), golden));
    expect(host.writes()).toBe(before);
    if (update) writeFileSync(golden.planFile, text);
    expect(text).toBe(existsSync(golden.planFile) ? readFileSync(golden.planFile, 'utf8') : '');
  });

  it('a first pass does the plan, and a second pass writes nothing', async () => {
    const host = await prepareHost(golden);
    const model = modelOf(golden, host);
    const report = await reconcile(host, resources, model, golden);
    expect(troublesOf(report)).toEqual(golden.troubles);
    if (golden.troubles.length > 0) return;
    const writes = host.writes();
    expect((await makePlan(host, resources, model, golden)).operations).toEqual([]);
    await reconcile(host, resources, model, golden);
    expect(host.writes()).toBe(writes);
  });

  // an adopted object is no longer foreign
  if (!golden.adopt) it('foreign objects are unchanged', async () => {
    const host = await prepareHost(golden);
    const borrowed = borrowedBy(golden, host);
    const foreign = (): string[] =>
      host
        .foreignSnapshot(borrowed)
        .split('\n')
        .filter((line) => !golden.moves.some((link) => line.includes(` ${link}`)));
    const before = foreign();
    await reconcile(host, resources, modelOf(golden, host), golden);
    expect(foreign()).toEqual(before);
  });

  const fromNothing = golden.before === undefined && !golden.adopt;
  if (fromNothing) it('down restores the host as it was', async () => {
    const host = await prepareHost(golden);
    const before = host.snapshot();
    await reconcile(host, resources, modelOf(golden, host), golden);
    const report = await reconcile(host, resources, undefined, golden);
    expect(troublesOf(report)).toEqual([]);
    // keys belong to the operator once they are made
    // and the rule that the kernel makes with the first VRF stays until the next boot
    const stays = /^file \S+\.key |^rule (-6 )?1000: l3mdev proto 2$/;
    const after = host.snapshot().split('\n').filter((line) => before.includes(line) || !stays.test(line));
    expect(after.join('\n')).toBe(before);
  });
});
