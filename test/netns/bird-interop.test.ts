// Every BIRD beside every other, over WireGuard, wgospf makes both ends from state files: adjacencies, kernel routes, traffic.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { birdVersions } from './lab/bird-versions.ts';
import { eventually } from './lab/eventually.ts';
import { expectPing } from './lab/expect-mesh.ts';
import {
  labelPairs,
  makeInteropMesh,
  nodesOf,
  TYPES,
  tunnelName,
  type InteropMesh,
  type Node,
  type TunnelType,
} from './lab/interop-mesh.ts';

const versions = await birdVersions();
const pairs = labelPairs(versions);

let mesh: InteropMesh;
beforeAll(async () => void (mesh = await makeInteropMesh(versions)), 300_000);
afterAll(() => mesh.lab.close());

/** The kernel's route of BIRD's to the other's network. */
async function routeOfBird(from: Node, to: Node): Promise<string> {
  const args = ['route', 'show', 'table', '2', 'proto', 'bird', 'match', `${to.address}/32`];
  return (await from.router.exec('ip', args)).stdout;
}

/** The far end is Full on the tunnel, and its network's route goes through it. */
async function expectAcross(from: Node, to: Node, type: TunnelType): Promise<void> {
  const dev = tunnelName(type, to);
  await eventually(async () => {
    const found = (await from.router.ospfNeighbors()).find((neighbor) => neighbor.dev === dev);
    expect(found, `${from.router.name} ${dev}`).toMatchObject({ routerId: to.address, state: 'Full/PtP' });
    expect(await routeOfBird(from, to), from.router.name).toContain(`dev ${dev}`);
  });
}

describe.each(TYPES)('%s', (type) => {
  beforeAll(() => mesh.prefer(type), 300_000);

  test.each(pairs)('%s and %s reach Full', async (a, b) => {
    const [one, other] = nodesOf(mesh, a, b);
    await Promise.all([expectAcross(one, other, type), expectAcross(other, one, type)]);
    await expectPing(one.router, other.address);
  });
});
