// A change touches only what it names: a third tunnel appears and disappears while the first carries traffic.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from './lab/eventually.ts';
import { expectFull, expectMeshRoute, expectPing, handshakes, lastPing, lostPings } from './lab/expect-mesh.ts';
import type { Router } from './lab/router.ts';
import type { Running } from './lab/running.ts';
import { makeSeedMesh, type SeedMesh } from './lab/seed-mesh.ts';

let mesh: SeedMesh;
let hub: Router;
/** wg333 as anything in the kernel, the processes or BIRD could show it */
const traces = `
  ip link; ip addr; ip route show table all; ip -6 route show table all; ip rule; ip -6 rule
  sysctl -a -r wg333 2>/dev/null; wg show all; ps -C wireguard-go -o args=; ls -R /run; cat /etc/bird/bird.conf
  birdc -r show ospf interface; birdc -r show route`;

const ifindex = async (router: Router, dev: string): Promise<string> =>
  (await router.readFile(`/sys/class/net/${dev}/ifindex`)).trim();

beforeAll(async () => {
  mesh = await makeSeedMesh();
  const { side1, side2, third } = mesh;
  hub = side2.router;
  await third.router.writeState(third.state('wg222'));
  await side1.router.writeState(side1.state('wg222'));
  await hub.writeState(side2.state('wg111'));
  for (const { router } of [side1, side2, third]) await router.wgospf(['apply', '--adopt']);
  await expectFull(hub, { wg111: '10.69.1.11' });
  await expectMeshRoute(side1.router, '10.69.2.0/24');
  await expectMeshRoute(hub, '10.69.1.0/24');
});

afterAll(() => mesh.lab.close());

/** What must not change about wg111, whatever is done to wg333. */
const wg111 = async (): Promise<unknown> => ({
  ifindex: await ifindex(hub, 'wg111'),
  handshake: (await handshakes(hub))['wg111'],
  daemon: await hub.sh('ps -C wireguard-go -o pid=,args= | grep wg111 || true'),
});

const answeredUpTo = (ping: Running, seq: number): Promise<void> =>
  eventually(() => {
    expect(lastPing(ping.output())).toBeGreaterThanOrEqual(seq);
  });

/** Runs `change` while 100 packets a second go through wg111 and BIRD is asked all the time about its neighbour there. */
async function whileWatched(change: () => Promise<void>): Promise<void> {
  await expectPing(mesh.side1.host, '10.69.2.50');
  const before = await wg111();
  const ping = mesh.side1.host.start('ping', ['-n', '-i', '0.01', '10.69.2.50']);
  const watch = hub.start('bash', ['-c', 'while :; do birdc -r show ospf neighbors; sleep 0.05; done']);
  await answeredUpTo(ping, 50);

  await change();

  const soFar = lastPing(ping.output());
  await answeredUpTo(ping, soFar + 100); // late answers count too
  expect(lostPings(await ping.stop())).toEqual([]);
  const asked = (await watch.stop('SIGKILL')).match(/.*wg111.*/g) ?? [];
  expect(asked.length).toBeGreaterThan(5);
  expect(asked.filter((line) => !line.includes('Full/PtP'))).toEqual([]);
  expect(await wg111()).toEqual(before);
}

async function addThird(): Promise<void> {
  await hub.writeState(mesh.side2.state('wg111', 'wg333'));
  const { stdout } = await hub.wgospf(['apply']);
  expect(stdout).toMatch(/^in sync: \d+ operations done/m);
}

async function addThirdAndWait(): Promise<void> {
  await addThird();
  await expectFull(hub, { wg111: '10.69.1.11', wg333: '10.69.3.33' });
  for (const router of [mesh.side1.router, hub]) await expectMeshRoute(router, '10.69.3.0/24');
  await expectMeshRoute(mesh.third.router, '10.69.1.0/24');
}

const removeThird = async (): Promise<void> => {
  await hub.writeState(mesh.side2.state('wg111'));
  await hub.wgospf(['apply']);
};

test('adding a third tunnel does not affect the first one', async () => {
  await whileWatched(addThirdAndWait);
  await expectPing(mesh.side1.host, '10.69.3.50');
});

test('the plan of a removal names only that tunnel, and the files that contain all tunnels', async () => {
  await hub.writeState(mesh.side2.state('wg111'));
  const { stdout, exitCode } = await hub.wgospf(['plan'], { mayFail: true });
  expect(exitCode).toBe(2);
  const operations = stdout.split('\n').filter((line) => /^ {2}[-+~] /.test(line));
  expect(operations.length).toBeGreaterThan(0);
  expect(
    operations.filter(
      (line) => !/wg333|10\.70\.89\.2|birdc configure|guard-ipv[46]\.batch|table inet wgospf/.test(line),
    ),
  ).toEqual([]);
});

test('a removed tunnel leaves no trace, and the first one is not affected', async () => {
  expect(await hub.sh(traces)).toContain('wg333');
  await whileWatched(removeThird);
  const left = await hub.sh(traces);
  expect(left).toContain('wg111');
  expect(left.split('\n').filter((line) => /wg333|10\.70\.89\.[23]\b/.test(line))).toEqual([]);
});

test('a tunnel that left the file while no wgospf ran, and whose notes are lost, is removed by the next apply', async () => {
  await addThird();
  // as after a crash: only the kernel knows of it
  await hub.sh('rm -rf /run/wgospf');
  await removeThird();
  const left = await hub.sh(traces);
  expect(left.split('\n').filter((line) => /wg333|10\.70\.89\.[23]\b/.test(line))).toEqual([]);
  await expectFull(hub, { wg111: '10.69.1.11' });
});

test('a foreign link, address, route and rule survive all of this', async () => {
  await hub.sh(`
    ip link add other type bridge; ip addr add 192.0.2.1/24 dev other; ip link set other up
    ip route add 192.0.2.128/25 dev other table 2 proto static
    ip rule add pref 900 iif other lookup 100`);
  const theirs = 'ip link show other; ip addr show other; ip route show table 2 proto static; ip rule show pref 900';
  const before = await hub.sh(theirs);
  await addThird();
  await removeThird();
  expect(await hub.sh(theirs)).toBe(before);
});
