// The engine's changes for the difference between desired and observed objects; the engine knows no kind by name.
import { expect, it } from 'vitest';
import { commands, createToy, plan, red, run } from './toy.ts';

it('the diff creates missing objects, changes differing ones, and deletes ours that are not wanted', async () => {
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

it('a foreign object that equals the desired one counts as present', async () => {
  const toy = createToy({ desired: [red('a')], there: [{ name: 'a', color: 'red', owned: false }] });
  expect(await plan([toy])).toMatchObject({ operations: [], foreign: [] });
});

it('a foreign object in the way is reported, and dependent operations wait', async () => {
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

it('a kind that cannot be adopted is never adopted', async () => {
  const toy = createToy({ desired: [red('a')], there: [{ name: 'a', color: 'blue', owned: false }] });
  expect(await plan([toy], true)).toMatchObject({ operations: [], foreign: [{ blocking: true }] });
});

it('a borrowed object is changed without --adopt and never deleted', async () => {
  const there = [{ name: 'a', color: 'blue', owned: false }];
  const toy = createToy({ desired: [red('a')], there, borrowed: true });
  expect(commands(await plan([toy]))).toEqual(['update a']);
});

it('an object of ours is preferred to a foreign one with the same key', async () => {
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
