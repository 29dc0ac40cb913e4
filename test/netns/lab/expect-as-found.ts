// A way to take a router down leaves it exactly as it was before `apply`.
import { expect } from 'vitest';
import { expectFull, expectPing } from './expect-mesh.ts';
import type { Router } from './router.ts';
import type { SeedMesh } from './seed-mesh.ts';

/** Applies on both sides of the mesh, waits until it works, and takes both down. */
export async function expectAsFound(
  { side1, side2 }: SeedMesh,
  takeDown: (router: Router) => Promise<unknown>,
): Promise<void> {
  // settings that somebody had changed before are restored as they were, not to the kernel's defaults
  await side1.router.sh('sysctl -qw net.ipv4.conf.eth1.rp_filter=1');
  const found = { one: await side1.router.dump(), two: await side2.router.dump() };

  await side1.router.wgospf(['apply', '--adopt']);
  await side2.router.wgospf(['apply', '--adopt']);
  await expectPing(side1.router, '10.70.89.1');
  await expectFull(side1.router, { wg222: '10.69.2.22' });
  expect(await side1.router.dump()).not.toBe(found.one);

  await takeDown(side1.router);
  await takeDown(side2.router);
  expect(await side1.router.dump()).toBe(found.one);
  expect(await side2.router.dump()).toBe(found.two);
}
