// Every BIRD beside every other, over WireGuard, both ends made by wgospf from state files: adjacencies, kernel routes, traffic.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { birdVersions } from './lab/bird-versions.ts';
import { eventually } from './lab/eventually.ts';
import { expectPing } from './lab/expect-mesh.ts';
import {
  makeInteropMesh,
  TYPES,
  tunnelName,
  type InteropMesh,
  type Node,
  type TunnelType,
} from './lab/interop-mesh.ts';

const versions = await birdVersions();
const labels = versions.map(({ label }) => label);
const pairs = labels.flatMap((a, i) => labels.slice(i).map((b) => [a, b] as const));

let mesh: InteropMesh;
beforeAll(async () => void (mesh = await makeInteropMesh(versions)), 300_000);
afterAll(() => mesh.lab.close());

const nodesOf = (a: string, b: string): readonly [Node, Node] => {
  const found = mesh.pairs.find((pair) => pair.a.version.label === a && pair.b.version.label === b);
  if (found === undefined) throw new Error(`no pair ${a} ${b}`);
  return [found.a, found.b];
};

/** The kernel's route of BIRD's to the other's network. */
async function routeOfBird(from: Node, to: Node): Promise<string> {
  const args = ['route', 'show', 'table', '2', 'proto', 'bird', 'match', `${to.address}/32`];
  return (await from.router.exec('ip', args)).stdout;
}

/** That the far end is Full on the tunnel, and that its network's route goes through it. */
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

  test.each(pairs)('%s and %s', async (a, b) => {
    const [one, other] = nodesOf(a, b);
    await Promise.all([expectAcross(one, other, type), expectAcross(other, one, type)]);
    await expectPing(one.router, other.address);
  });
});
