// The engine by itself, with a kind of object that exists only here: it knows no kind by name.
import { expect, it } from 'vitest';
import { makePlan, reconcile } from '../../src/engine/reconcile.ts';
import type { Plan, Report } from '../../src/engine/types.ts';
import { createFakeHost } from '../fakes/fake-host.ts';
import { troublesOf } from '../fakes/troubles.ts';
import { createToy, someModel, type Toy } from './toy.ts';

const red = (name: string, on?: string): { name: string; color: string; on?: string } => ({
  ...{ name, color: 'red' },
  ...(on === undefined ? {} : { on }),
});

const plan = (toys: readonly Toy[], adopt = false): Promise<Plan> =>
  makePlan(
    createFakeHost(),
    toys.map(({ resource }) => resource),
    someModel,
    { adopt },
  );
const run = (toys: readonly Toy[], adopt = false): Promise<Report> =>
  reconcile(
    createFakeHost(),
    toys.map(({ resource }) => resource),
    someModel,
    { adopt },
  );
const commands = ({ operations }: Plan): string[] => operations.map(({ command }) => command);

it('creates what is missing, changes what differs, deletes what is ours and not wanted', async () => {
  const there = [
    { name: 'b', color: 'blue', owned: true },
    { name: 'c', color: 'red', owned: true },
    { name: 'd', color: 'red', owned: true },
    { name: 'e', color: 'red', owned: false },
  ];
  const toy = createToy({ desired: [red('c'), red('b'), red('a')], there });
  const report = await run([toy]);
  expect(toy.done).toEqual(['create a', 'update b', 'delete d']);
  expect(report.inSync).toBe(true);
  expect(commands(await plan([toy]))).toEqual([]);
  expect(toy.there.get('e')).toEqual(there[3]);
});

it('takes a foreign object that equals the desired one for present', async () => {
  const toy = createToy({ desired: [red('a')], there: [{ name: 'a', color: 'red', owned: false }] });
  expect(await plan([toy])).toMatchObject({ operations: [], foreign: [] });
});

it('reports a foreign object in the way, and what would stand on it waits', async () => {
  const toy = createToy({
    desired: [red('a'), red('b', 'a'), red('c')],
    there: [{ name: 'a', color: 'blue', owned: false }],
    adoptable: true,
  });
  const found = await plan([toy]);
  expect(commands(found)).toEqual(['create c']);
  expect(found.waiting).toMatchObject([{ operation: { key: 'b' }, missing: 'box:a' }]);
  expect(found.foreign).toMatchObject([{ kind: 'box', key: 'a', blocking: true }]);
  expect(found.foreign[0]?.message).toContain('color');
  expect((await run([toy])).inSync).toBe(false);
  expect(commands(await plan([toy], true))).toEqual(['update a', 'create b']);
});

it('never adopts a kind that cannot be adopted', async () => {
  const toy = createToy({ desired: [red('a')], there: [{ name: 'a', color: 'blue', owned: false }] });
  expect(await plan([toy], true)).toMatchObject({ operations: [], foreign: [{ blocking: true }] });
});

it('changes a borrowed object without asking, and does not delete it', async () => {
  const there = [{ name: 'a', color: 'blue', owned: false }];
  const toy = createToy({ desired: [red('a')], there, borrowed: true });
  expect(commands(await plan([toy]))).toEqual(['update a']);
});

it('prefers its own object where a foreign one has the same key', async () => {
  const toy = createToy({ desired: [red('a')] });
  const twins = [
    { spec: { name: 'a', color: 'blue' }, owned: false },
    { spec: { name: 'a', color: 'red' }, owned: true },
  ];
  for (const objects of [twins, twins.toReversed()]) {
    const resource = { ...toy.resource, observe: () => Promise.resolve({ objects }) };
    expect(await plan([{ ...toy, resource }])).toMatchObject({ operations: [], foreign: [] });
  }
});

it('lets a failure block only what stands on it, through any number of steps', async () => {
  const below = createToy({ desired: [red('a'), red('x')], stage: 'link-create' });
  const above = createToy({ kind: 'lid', desired: [red('b'), red('c', 'b'), red('d')] });
  const tied: Toy = {
    ...above,
    resource: {
      ...above.resource,
      plan: (...asked) =>
        above.resource
          .plan(...asked)
          .map((o) => (o.key === 'b' ? { ...o, needs: ['box:a'], stage: 'wireguard-set' } : o)),
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

it('does what others promised to do first only when they did', async () => {
  const guard = createToy({ kind: 'guard', desired: [red('g')], stage: 'guard-add' });
  const door = createToy({ kind: 'door', desired: [red('d')], stage: 'link-up' });
  const tagged = (toy: Toy, tags: object): Toy => ({
    ...toy,
    resource: { ...toy.resource, plan: (...asked) => toy.resource.plan(...asked).map((o) => ({ ...o, ...tags })) },
  });
  const toys = [tagged(guard, { provides: ['guard:wg222'] }), tagged(door, { awaits: ['guard:*'] })];
  guard.broken.add('g');
  expect((await run(toys)).results.map(({ outcome }) => outcome)).toMatchObject([
    { status: 'failed', code: 'EIO' },
    { status: 'blocked', by: 'guard:wg222' },
  ]);
  guard.broken.clear();
  expect((await run(toys)).inSync).toBe(true);
});

it('leaves out the removal of what goes with its carrier', async () => {
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
          .map((o) => (o.key === 'a' ? { ...o, stage: 'link-remove' } : { ...o, needs: ['box:a'] })),
    },
  };
  expect(commands(await plan([carried]))).toEqual(['delete a']);
});

it('hands on conditions and foreign objects that a kind found, and tells results in the order of the plan', async () => {
  const conditions = [{ code: 'odd', severity: 'warning', subject: 'a', message: 'odd' }] as const;
  const foreign = [{ kind: 'box', key: 'z', message: 'beside', blocking: false }];
  const toy = createToy({ desired: [red('wg10'), red('wg2')], conditions, foreign });
  const told: string[] = [];
  const report = await reconcile(createFakeHost(), [toy.resource], someModel, {
    adopt: false,
    onResult: ({ operation: { command } }) => void told.push(command),
  });
  expect(told).toEqual(['create wg2', 'create wg10']);
  expect(report).toMatchObject({ conditions, foreign, inSync: true, generation: someModel.generation });
});

it('plans the removal of everything of ours where there is no model', async () => {
  const there = [
    { ...red('a'), owned: true },
    { ...red('b'), owned: false },
  ];
  const toy = createToy({ desired: [red('a')], there });
  await reconcile(createFakeHost(), [toy.resource], undefined, { adopt: false });
  expect([...toy.there.keys()]).toEqual(['b']);
});
