// FRR's ospfd at the far end of a `ptp` tunnel, with each BIRD at ours.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { birdVersions } from './lab/bird-versions.ts';
import { eventually } from './lab/eventually.ts';
import { expectMeshRoute, expectPing } from './lab/expect-mesh.ts';
import { makeFrr, startFrr } from './lab/frr.ts';
import { makeNode, nodeState, type Node } from './lab/interop-mesh.ts';
import { makeLab, type Lab } from './lab/make-lab.ts';

const versions = await birdVersions();
const FRR = '10.69.30.1';

let lab: Lab;
let nodes: readonly Node[];

const tunnelToFrr = (i: number, key: string, underlay: string): string => `
  frr:
    address: 10.70.0.${2 * i}/31
    listenPort: 51800
    privateKeyFile: keys/ptp.key
    peer: {publicKey: ${key}, endpoint: '${underlay}:${51800 + i}'}
    ospf: {cost: 10, type: ptp, hello: 1, dead: 4}`;

beforeAll(async () => {
  lab = await makeLab();
  const frr = await makeFrr(lab);
  console.log(`FRR ${frr.version}`);
  const key = await frr.router.makeKey('keys/frr.key');
  nodes = await Promise.all(versions.map((version, i) => makeNode(lab, `bird${i}`, version, 10 + i)));
  const tunnels = nodes.map(({ router, publicKeys }, i) => ({
    name: router.name,
    address: `10.70.0.${2 * i + 1}/31`,
    port: 51800 + i,
    key: publicKeys.ptp,
    endpoint: `${router.underlay}:51800`,
  }));
  await startFrr(frr.router, FRR, tunnels);
  await Promise.all(
    nodes.map(async (node, i) => {
      await node.router.writeState(nodeState(node, [tunnelToFrr(i, key, frr.router.underlay)]));
      await node.router.wgospf(['apply', '--adopt'], { timeout: 300 });
    }),
  );
}, 300_000);
afterAll(() => lab.close());

test.each(versions.map(({ label }, i) => [label, i] as const))('FRR and BIRD reach Full: %s', async (_, i) => {
  const node = nodes[i];
  if (node === undefined) throw new Error('no such router');
  await eventually(async () =>
    expect(await node.router.ospfNeighbors()).toEqual([
      { routerId: FRR, state: 'Full/PtP', dev: 'frr', address: `10.70.0.${2 * i + 1}` },
    ]),
  );
  expect(await expectMeshRoute(node.router, '10.69.30.0/24')).toContain(`via 10.70.0.${2 * i + 1} dev frr proto bird`);
  // there and back: FRR has a route to our network as well, and those of the other BIRDs
  await expectPing(node.router, FRR);
  for (const other of nodes) if (other !== node) await eventually(() => expectPing(node.router, other.address));
});
