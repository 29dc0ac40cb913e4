// Two equal paths: BIRD's routes have several next hops. What of them is left behind, by a change, by a killed pass and by `down`,
// is found and deleted; what another put beside them is not.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from './lab/eventually.ts';
import { makeLab, type Lab } from './lab/make-lab.ts';
import type { Router } from './lab/router.ts';

let lab: Lab;
let router: Router;

interface Place {
  readonly table: number;
  readonly metric: number;
}

/** No key and no tunnel: two cables to the same neighbour. */
const state = (node: number, { table, metric }: Place): string => `version: 1
router: {node: ${node}}
mesh: {table: {name: mesh, id: ${table}}, prefixes: [10.69.0.0/16]}
bird: {kernel: {metric: ${metric}}}
interfaces:
  eth1: {address: 10.69.101.${node}/24, ospf: {hello: 1, type: ptp, cost: 10}}
  eth2: {address: 10.69.102.${node}/24, ospf: {hello: 1, type: ptp, cost: 10}}
  eth3: {address: 10.69.${node}.1/24, ospf: {stub: true}}
`;

const bird = async (table: number): Promise<string> =>
  router.sh(`for f in -4 -6; do ip $f route show table ${table} proto bird 2>/dev/null || true; done`);

/** BIRD's route to the network behind the neighbour, with both ways. */
const bothWays = ({ table, metric }: Place): Promise<void> =>
  eventually(async () => {
    const routes = await bird(table);
    expect(routes).toMatch(new RegExp(`^10\\.69\\.2\\.0/24 metric ${metric} *\\n(\\tnexthop .*\\n){2}`, 'm'));
  });

async function applied(place: Place): Promise<void> {
  await router.writeState(state(1, place));
  expect((await router.wgospf(['apply'])).stdout).toMatch(/^in sync/m);
  await bothWays(place);
}

const FIRST = { table: 2, metric: 64 };

beforeAll(async () => {
  lab = await makeLab();
  router = await lab.router('one');
  const far = await lab.router('two');
  await lab.connect(router, 'eth1', far, 'eth1');
  await lab.connect(router, 'eth2', far, 'eth2');
  for (const [n, one] of [router, far].entries()) {
    await one.sh('ip link add eth3 type bridge; ip link set eth3 up');
    await one.startBird();
    await one.writeState(state(n + 1, FIRST));
    await one.wgospf(['apply', '--adopt']);
  }
  await bothWays(FIRST);
});

afterAll(() => lab.close());

test('a changed metric leaves no route of the old one, which would win', async () => {
  await applied({ table: 2, metric: 100 });
  expect(await bird(2)).not.toContain('metric 64');
});

test('a pass that is killed after BIRD has the new metric leaves only routes that the next pass finds', async () => {
  const [{ sh }, place] = [router, { table: 2, metric: 50 }];
  await router.writeState(state(1, place));
  const { program } = await router.built();
  // the clearing waits until the new place has a route to each network of the old one: there is time to end it before
  await sh(`
    ip route add 10.69.88.0/24 dev eth3 table 2 metric 100 proto bird
    "${process.execPath}" ${program} apply >/dev/null 2>&1 & pid=$!
    for n in $(seq 1 600); do ip route show table 2 | grep -q 'metric 50' && break; sleep 0.01; done
    kill -9 $pid || true`);
  expect((await router.wgospf(['apply'])).stdout).toMatch(/^in sync/m);
  await bothWays(place);
  expect(await bird(2)).not.toContain('metric 100');
});

test('a changed table leaves no route in the old one', async () => {
  await applied({ table: 3, metric: 50 });
  expect(await bird(2)).toBe('');
});

test('routes of a foreign BIRD in the mesh table are not deleted', async () => {
  await router.sh(`
    ip route add 10.69.77.0/24 dev eth0 table 3 proto bird metric 32
    ip -6 route add fd00:77::/48 dev eth0 table 3 proto bird metric 50`);
  const { stdout, exitCode } = await router.wgospf(['plan'], { mayFail: true });
  // they lead a network of the mesh out by the underlay: told of, and left to whoever made them
  expect({ exitCode, stdout }).toMatchObject({
    exitCode: 1,
    stdout: expect.stringMatching(
      /leak-path .* leaves by eth0, table 3;[^]*not in sync: nothing can be done/,
    ) as string,
  });
  expect(stdout).not.toContain('proto bird');
});

test('down while BIRD is down removes the routes that BIRD left, and nothing else', async () => {
  await router.sh('birdc down; until ! pidof bird; do sleep 0.05; done');
  await bothWays({ table: 3, metric: 50 }); // persist
  expect((await router.wgospf(['down'])).stdout).toMatch(/nothing of ours is left/);
  expect((await bird(3)).split('\n').map((line) => line.split(' ')[0])).toEqual(['10.69.77.0/24', 'fd00:77::/48', '']);
});
