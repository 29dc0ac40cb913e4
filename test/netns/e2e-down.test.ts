// `wgospf down` leaves a router exactly as it was found.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectFull, expectPing } from './lab/expect-mesh.ts';
import { makeSeedMesh, type SeedMesh } from './lab/seed-mesh.ts';

let mesh: SeedMesh;

beforeAll(async () => {
  mesh = await makeSeedMesh();
  await mesh.side1.router.writeState(mesh.side1.state('wg222'));
  await mesh.side2.router.writeState(mesh.side2.state('wg111'));
});

afterAll(() => mesh.lab.close());

test('down after apply restores links, addresses, routes, rules, settings, files and processes', async () => {
  const { side1, side2 } = mesh;
  // settings that somebody had changed before are given back as they were, not as the kernel makes them
  await side1.router.sh('sysctl -qw net.ipv4.conf.eth1.rp_filter=1');
  const found = { one: await side1.router.dump(), two: await side2.router.dump() };

  await side1.router.wgospf(['apply', '--adopt']);
  await side2.router.wgospf(['apply', '--adopt']);
  await expectPing(side1.router, '10.70.89.1');
  await expectFull(side1.router, { wg222: '10.69.2.22' });
  expect(await side1.router.dump()).not.toBe(found.one);

  await side1.router.wgospf(['down']);
  await side2.router.wgospf(['down']);
  expect(await side1.router.dump()).toBe(found.one);
  expect(await side2.router.dump()).toBe(found.two);
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
