// BIRD 2 and 3 beside each other over WireGuard with OSPFv3, IPv4 over OSPFv3 (RFC 5838), BFD and HMAC, from state files.
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
import { localAddress, six } from './lab/interop-six.ts';

const versions = (await birdVersions()).filter(({ major }) => major > 1);
const pairs = labelPairs(versions);
const FAMILIES = [4, 6] as const;

let mesh: InteropMesh;
beforeAll(async () => {
  mesh = await makeInteropMesh(versions, six);
  for (const { router } of mesh.nodes) {
    await router.writeFile('/etc/wgospf/keys/ospf', 'one for the whole mesh\n', 0o600);
    await router.sh('ip link add lan3 type bridge; ip link set lan3 up');
  }
  await mesh.prefer('ptp');
}, 300_000);
afterAll(() => mesh.lab.close());

const bothWays = async (a: string, b: string, look: (from: Node, to: Node) => Promise<void>): Promise<void> => {
  const [one, other] = nodesOf(mesh, a, b);
  await Promise.all([look(one, other), look(other, one)]);
};

/** One neighbour of each protocol, `mesh4` and `mesh6` or `over34` and `over36`, by its link-local address where it is OSPFv3. */
async function expectNeighbors(from: Node, to: Node, type: TunnelType): Promise<void> {
  const found = (await from.router.ospfNeighbors()).filter(({ dev }) => dev === tunnelName(type, to));
  const seen = found.map(({ routerId, state, address }) => [routerId, state, address.replace(/^fe80:.*/, 'fe80')]);
  const byV2 = [to.address, 'Full/PtP', expect.stringMatching(/^10\.70\.0\./)];
  const byV3 = [to.address, 'Full/PtP', 'fe80'];
  expect(seen, `${from.router.name} ${tunnelName(type, to)}`).toHaveLength(2);
  expect(seen).toEqual(expect.arrayContaining(type === 'ptp' ? [byV2, byV3] : [byV3]));
}

/** The route to the network at the far end of that instance, of that family, is in the kernel and goes through the tunnel. */
async function expectRoute(from: Node, to: Node, type: TunnelType, family: 4 | 6): Promise<void> {
  const address = localAddress(to, type, family);
  const args = [`-${family}`, 'route', 'show', 'table', '2', 'proto', 'bird', 'match', address];
  const { stdout } = await from.router.exec('ip', args);
  expect(stdout, `${from.router.name}: ${address}`).toContain(`dev ${tunnelName(type, to)}`);
}

describe.each(TYPES)('%s', (type) => {
  test.each(pairs)('%s and %s reach Full', async (a, b) => {
    await eventually(() =>
      bothWays(a, b, async (from, to) => {
        await expectNeighbors(from, to, type);
        for (const family of FAMILIES) await expectRoute(from, to, type, family);
      }),
    );
    const [one, other] = nodesOf(mesh, a, b);
    for (const family of FAMILIES) await expectPing(one.router, localAddress(other, type, family));
  });
});

test.each(pairs)('BFD between %s and %s is up', async (a, b) => {
  await eventually(() =>
    bothWays(a, b, async (from, to) => {
      const sessions = await from.router.birdc('show bfd sessions');
      const states = sessions.split('\n').filter((line) => line.includes(` ${tunnelName('ptp', to)} `));
      expect(states.map((line) => line.trim().split(/\s+/)[2])).toEqual(['Up', 'Up']);
    }),
  );
});
