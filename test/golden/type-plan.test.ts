// A plan does what it prints: a person who types it gets the same result as the program.
import { expect, it } from 'vitest';
import { makePlan, reconcile } from '../../src/engine/reconcile.ts';
import { resources } from '../../src/resources/index.ts';
import { goldenCases, modelOf, prepareHost } from './golden-case.ts';
import { typePlan } from './type-plan.ts';

/** A person makes no notes for `down`, and Debian 12's `ip` cannot print an address' protocol. */
const asTyped = (snapshot: string): string =>
  snapshot.replaceAll(/^note .*\n/gm, '').replaceAll(/^((?:netns \S+: )?address .*) proto 87$/gm, '$1 proto 0');

/** `wg` resolves names itself, the fake's does not; and what a returned link gets back is only in the notes. */
const cases = goldenCases.filter(
  ({ troubles, names, moves }) => troubles.length === 0 && names === undefined && moves.length === 0,
);

it.each(cases)('$name', async (golden) => {
  const [typed, applied] = await Promise.all([prepareHost(golden), prepareHost(golden)]);
  const model = modelOf(golden, typed);
  await reconcile(applied, resources, model, golden);
  // as often as the program looks again
  for (let round = 0; round < 3; round++) {
    await typePlan(await makePlan(typed, resources, model, golden), typed, typed.run);
  }
  expect(asTyped(typed.snapshot())).toBe(asTyped(applied.snapshot()));
});
