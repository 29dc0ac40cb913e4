// The order of a plan: stages one after the other, nothing before its requirements, and always the same.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makePlan, reconcile } from '../../src/engine/reconcile.ts';
import { stages } from '../../src/engine/stages.ts';
import type { AnyResource, Operation, Plan } from '../../src/engine/types.ts';
import { resources } from '../../src/resources/index.ts';
import type { RouterModel } from '../../src/model/types.ts';
import type { FakeHost } from '../fakes/fake-host.ts';
import { createFakeHost } from '../fakes/fake-host.ts';
import { readState } from '../fakes/read-state.ts';
import { hostLines, shuffled, stateFiles } from './state-files.ts';

const NO_ADOPTION = { adopt: false };

/** A host on which the first file was applied, about to become what the second one says; undefined: about to be cleared. */
async function between(first: string, second: string | undefined): Promise<[FakeHost, RouterModel | undefined]> {
  const host = createFakeHost();
  host.run(hostLines);
  await reconcile(host, resources, readState(first, host.env), NO_ADOPTION);
  return [host, second === undefined ? undefined : readState(second, host.env)];
}

const refOf = ({ kind, key }: Operation): string => `${kind}:${key}`;

function expectOrder({ operations }: Plan): void {
  const stageNumbers = operations.map(({ stage }) => stages.indexOf(stage));
  expect(stageNumbers).toEqual(stageNumbers.toSorted((a, b) => a - b));
  const later = (at: number, matches: (other: Operation) => boolean): string[] =>
    operations
      .slice(at + 1)
      .filter(matches)
      .map(({ command }) => command);
  for (const [at, operation] of operations.entries()) {
    const makes = (o: Operation): boolean =>
      o.action === 'create' && operation.requires?.some((ref) => ref === refOf(o)) === true;
    const provides = (o: Operation): boolean =>
      o.provides?.some((tag) => operation.requires?.includes(tag) === true) === true;
    expect(
      later(at, (o) => refOf(o) !== refOf(operation) && (makes(o) || provides(o))),
      operation.command,
    ).toEqual([]);
  }
}

const second = fc.option(stateFiles, { nil: undefined });

it('every operation comes after those that it requires', { timeout: 120_000 }, () =>
  fc.assert(
    fc.asyncProperty(stateFiles, second, async (from, to) => {
      const [host, model] = await between(from, to);
      expectOrder(await makePlan(host, resources, model, NO_ADOPTION));
    }),
  ),
);

it('the order does not depend on the order of desired and observed objects', { timeout: 120_000 }, () =>
  fc.assert(
    fc.asyncProperty(stateFiles, second, fc.func(fc.nat()), async (from, to, number) => {
      const [host, model] = await between(from, to);
      let calls = 0;
      const mix = <T>(list: readonly T[]): T[] => shuffled(list, (below) => number(calls++) % below);
      const mixed = resources.map((resource): AnyResource => ({
        ...resource,
        desired: (m) => mix(resource.desired(m)),
        observe: async (h, m) => {
          const observation = await resource.observe(h, m);
          return { ...observation, objects: mix(observation.objects) };
        },
      }));
      const commands = ({ operations }: Plan): string[] => operations.map(({ command }) => command);
      const plan = await makePlan(host, resources, model, NO_ADOPTION);
      expect(commands(await makePlan(host, mixed, model, NO_ADOPTION))).toEqual(commands(plan));
    }),
  ),
);
