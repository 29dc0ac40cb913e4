// A pass of the engine: what a failure blocks, what disappears by itself, what is reported. It knows no kind by name.
import { expect, it } from 'vitest';
import { reconcile } from '../../src/engine/reconcile.ts';
import { createFakeHost } from '../fakes/fake-host.ts';
import { troublesOf } from '../fakes/troubles.ts';
import { commands, createToy, plan, red, run, someModel, type Toy } from './toy.ts';

it('a failed operation blocks only operations that depend on it, over any number of steps', async () => {
  const below = createToy({ desired: [red('a'), red('x')], stage: 'link-create' });
  const above = createToy({ kind: 'lid', desired: [red('b'), red('c', 'b'), red('d')] });
  const tied: Toy = {
    ...above,
    resource: {
      ...above.resource,
      plan: (...asked) =>
        above.resource
          .plan(...asked)
          .map((o) => (o.key === 'b' ? { ...o, requires: ['box:a'], stage: 'wireguard-set' } : o)),
    },
  };
  below.broken.add('a');
  const report = await run([below, tied]);
  expect([...below.done, ...above.done]).toEqual(['create x', 'create d']);
  expect(troublesOf(report)).toEqual([
    'create a: create a: broken (EIO)',
    'create b: blocked by box:a',
    'create c: blocked by lid:b',
    'remains: create a',
    'remains: create b',
    'remains: create c',
  ]);
});

it('an operation that awaits others runs only if they succeeded', async () => {
  const guard = createToy({ kind: 'guard', desired: [red('g')], stage: 'guard-add' });
  const door = createToy({ kind: 'door', desired: [red('d')], stage: 'link-up' });
  const tagged = (toy: Toy, tags: object): Toy => ({
    ...toy,
    resource: { ...toy.resource, plan: (...asked) => toy.resource.plan(...asked).map((o) => ({ ...o, ...tags })) },
  });
  const toys = [tagged(guard, { provides: ['done guard:wg222'] }), tagged(door, { requires: ['done guard:*'] })];
  guard.broken.add('g');
  expect((await run(toys)).results.map(({ outcome }) => outcome)).toMatchObject([
    { status: 'failed', code: 'EIO' },
    { status: 'blocked', by: 'guard:wg222' },
  ]);
  guard.broken.clear();
  expect((await run(toys)).inSync).toBe(true);
});

it('the removal of an object that disappears with its carrier is left out', async () => {
  const there = [
    { ...red('a'), owned: true },
    { ...red('b'), owned: true },
  ];
  const toy = createToy({ desired: [], there });
  const carried: Toy = {
    ...toy,
    resource: {
      ...toy.resource,
      plan: (...asked) =>
        toy.resource
          .plan(...asked)
          .map((o) => (o.key === 'a' ? { ...o, stage: 'link-remove' } : { ...o, requires: ['box:a'] })),
    },
  };
  expect(commands(await plan([carried]))).toEqual(['delete a']);
});

it('conditions and foreign objects of a kind are passed on, and results have the order of the plan', async () => {
  const conditions = [{ code: 'odd', severity: 'warning', subject: 'a', message: 'odd' }] as const;
  const foreign = [{ kind: 'box', key: 'z', message: 'beside', blocking: false }];
  const toy = createToy({ desired: [red('wg10'), red('wg2')], conditions, foreign });
  const reported: string[] = [];
  const report = await reconcile(createFakeHost(), [toy.resource], someModel, {
    adopt: false,
    onResult: ({ operation: { command } }) => void reported.push(command),
  });
  expect(reported).toEqual(['create wg2', 'create wg10']);
  expect(report).toMatchObject({ conditions, foreign, inSync: true, generation: someModel.generation });
});

it('without a model everything of ours is removed', async () => {
  const there = [
    { ...red('a'), owned: true },
    { ...red('b'), owned: false },
  ];
  const toy = createToy({ desired: [red('a')], there });
  await reconcile(createFakeHost(), [toy.resource], undefined, { adopt: false });
  expect([...toy.there.keys()]).toEqual(['b']);
});
