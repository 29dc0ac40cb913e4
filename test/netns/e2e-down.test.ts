// `wgospf down` leaves a router exactly as it was found.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAsFound } from './lab/expect-as-found.ts';
import { expectFull } from './lab/expect-mesh.ts';
import { makeSeedMesh, type SeedMesh } from './lab/seed-mesh.ts';

let mesh: SeedMesh;

beforeAll(async () => {
  mesh = await makeSeedMesh();
  await mesh.side1.router.writeState(mesh.side1.state('wg222'));
  await mesh.side2.router.writeState(mesh.side2.state('wg111'));
});

afterAll(() => mesh.lab.close());

test('down after apply restores links, addresses, routes, rules, settings, files and processes', async () => {
  await expectAsFound(mesh, (router) => router.wgospf(['down']));
});

test('down where there is nothing of ours changes nothing', async () => {
  const { router } = mesh.third;
  const found = await router.dump();
  const { stdout } = await router.wgospf(['down']);
  expect(stdout).toContain('nothing of ours was here');
  expect(await router.dump()).toBe(found);
});

test('the router comes up again after it was down', async () => {
  const { side1, side2 } = mesh;
  await side1.router.wgospf(['apply', '--adopt']);
  await side2.router.wgospf(['apply', '--adopt']);
  await expectFull(side1.router, { wg222: '10.69.2.22' });
});
