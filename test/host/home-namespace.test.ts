// To which namespace the files belong, from records and the kernel's facts about namespaces.
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createHomeNamespace, type HomeNamespace, type NamespaceFacts } from '../../src/host/home-namespace.ts';
import { tempDir } from './temp-dir.ts';

const HOME = 100;
const OTHER = 200;

interface Machine {
  readonly inRun: string;
  readonly inLib: string;
  readonly in: (own: number, over?: Partial<NamespaceFacts>) => HomeNamespace;
  readonly records: () => Promise<string[]>;
}

async function machine(): Promise<Machine> {
  const folder = await tempDir();
  const [inRun, inLib] = [join(folder, 'run'), join(folder, 'lib')];
  const facts = (own: number): NamespaceFacts => ({
    boot: () => 'first-boot',
    own: () => own,
    first: () => HOME,
    isAlive: () => Promise.resolve(true),
  });
  return {
    ...{ inRun, inLib },
    in: (own, over) => createHomeNamespace([inRun, inLib], { ...facts(own), ...over }),
    records: () => readdir(folder),
  };
}

const refused = { code: 'EXDEV', detail: expect.stringContaining(`network namespace net:[${HOME}]`) as string };

test('objects of one network namespace are not undone or taken over from another one while it lives', async () => {
  const { in: inside } = await machine();
  await inside(HOME).claim();
  await inside(HOME).claim();
  await inside(HOME).mayUndo();
  await expect(inside(OTHER).mayUndo()).rejects.toMatchObject(refused);
  await expect(inside(OTHER).claim()).rejects.toMatchObject(refused);
});

test.each(['inRun', 'inLib'] as const)('a lost record is replaced by the other: %s', async (lost) => {
  const made = await machine();
  await made.in(HOME).claim();
  await rm(made[lost]);
  await expect(made.in(OTHER).mayUndo()).rejects.toMatchObject(refused);
  await expect(made.in(OTHER).claim()).rejects.toMatchObject(refused);
});

test('without a record the objects count as those of pid 1', async () => {
  const { in: inside } = await machine();
  await inside(HOME).mayUndo();
  await expect(inside(OTHER).mayUndo()).rejects.toMatchObject(refused);
  await inside(OTHER, { first: () => undefined }).mayUndo();
});

test('a namespace that is gone, or of an earlier boot, blocks nobody', async () => {
  const { in: inside } = await machine();
  await inside(HOME).claim();
  await inside(OTHER, { isAlive: () => Promise.resolve(false) }).mayUndo();
  await inside(OTHER, { boot: () => 'second-boot', first: () => OTHER }).mayUndo();
  await inside(OTHER, { isAlive: () => Promise.resolve(false) }).claim();
  await inside(OTHER).mayUndo();
});

test('a container that starts again with a fresh /run continues, although it cannot see its old namespace', async () => {
  const { in: inside, inRun } = await machine();
  const blind = { isAlive: () => Promise.resolve(undefined) };
  await inside(HOME).claim();
  await expect(inside(OTHER, blind).claim()).rejects.toMatchObject(refused);
  await rm(inRun);
  await inside(OTHER, blind).claim();
});

test('nothing is left after everything is forgotten', async () => {
  const made = await machine();
  await made.in(HOME).claim();
  expect(await made.records()).toEqual(['lib', 'run']);
  await made.in(HOME).forget();
  expect(await made.records()).toEqual([]);
});

test('a record that cannot be written does not stop the agent', async () => {
  const { in: inside, inRun } = await machine();
  await writeFile(join(inRun, '../plain'), '');
  const home = createHomeNamespace([join(inRun, '../plain/record'), inRun], {
    boot: () => 'first-boot',
    own: () => HOME,
    first: () => HOME,
    isAlive: () => Promise.resolve(true),
  });
  await home.claim();
  await expect(inside(OTHER).mayUndo()).rejects.toMatchObject(refused);
});
