// A purge of the package leaves a router like `wgospf down`, without the program: by the plain commands in postrm.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDaemon } from './lab/daemon.ts';
import { eventually } from './lab/eventually.ts';
import { expectAsFound } from './lab/expect-as-found.ts';
import { withIsolation } from './lab/netns-router.ts';
import { makeSeedMesh, type SeedMesh } from './lab/seed-mesh.ts';
import type { Router } from './lab/router.ts';

const commands = readFileSync(new URL('../../packaging/deb/scripts/purge.sh', import.meta.url), 'utf8');

let mesh: SeedMesh;

beforeAll(async () => {
  mesh = await makeSeedMesh();
  await mesh.side1.router.writeState(mesh.side1.state('wg222'));
  await mesh.side2.router.writeState(mesh.side2.state('wg111'));
});

afterAll(() => mesh.lab.close());

/** As postrm does; pid 1 of the lab has the root of all in it. */
const script = `sh -e <<'END'\n${commands}\nmay_take_down || exit 7\ntake_down\nEND`;
const purge = (router: Router): Promise<string> => router.sh(script);

test('purge after apply restores links, addresses, routes, rules, settings, files and processes', async () => {
  await expectAsFound(mesh, purge);
});

test('purge takes the mesh out of its namespace, and restores what was moved in', async () => {
  const { side1 } = mesh;
  const { router } = side1;
  await router.sh(`
    ip netns add other; ip netns delete other  # /run/netns is ip's own, and stays
    ip address add 192.168.7.1/24 dev eth1
    ip route add 192.168.8.0/24 via 192.168.7.9 dev eth1 proto static metric 7`);
  const found = await router.dump();
  await router.writeState(withIsolation('netns', side1.state('wg222')));
  await router.wgospf(['apply', '--adopt']);
  expect(await router.sh('ip -o link')).not.toMatch(/wg222|eth1/);
  await purge(router);
  await router.writeState(side1.state('wg222'));
  await eventually(async () => {
    expect(await router.dump()).toBe(found);
  });
  expect(await router.sh('ip netns list; pgrep -x wireguard-go || true')).toBe('');
  await router.sh('ip address del 192.168.7.1/24 dev eth1');
});

test('purge removes no foreign object, whatever its name', async () => {
  const { router } = mesh.third;
  await router.sh(`
    ip link add wg222 type veth peer name wg111
    ip link set wg222 up alias 'not of wgospf'
    ip address add 10.70.89.0/31 dev wg222
    ip route add 10.69.0.0/16 dev wg222 table 2 proto static
    ip route add unreachable default table 2 metric 4294967295 proto static
    ip rule add priority 1031 iif wg222 lookup 2
    ip rule add priority 1099 iif wg222 unreachable protocol static`);
  const found = await router.dump();
  await purge(router);
  expect(await router.dump()).toBe(found);
});

test('purge is refused, and changes nothing, while a wgospf runs and in another network namespace', async () => {
  const { router } = mesh.side1;
  await router.wgospf(['apply', '--adopt']);
  const other = await router.exec('unshare', ['-n', 'bash', '-c', script], { mayFail: true });
  expect(other).toMatchObject({ exitCode: 7, stderr: expect.stringMatching(/namespace net:\[\d+\]/) as string });
  const daemon = await startDaemon(router);
  const found = await router.dump();
  const refused = await router.exec('bash', ['-c', script], { mayFail: true });
  expect(refused).toMatchObject({
    exitCode: 7,
    stderr: expect.stringMatching(/it still runs \(pid \d+\)/) as string,
  });
  expect(await router.dump()).toBe(found);
  await daemon.stop();
  await purge(router);
});

test('purge removes the routes of a BIRD that is down', async () => {
  const { router } = mesh.side1;
  const found = await router.dump();
  await router.wgospf(['apply', '--adopt']);
  await router.sh('pkill -x bird; ip route add 10.69.99.0/24 dev lo table 2 proto bird metric 64');
  await purge(router);
  await router.startBird();
  expect(await router.dump()).toBe(found);
});
