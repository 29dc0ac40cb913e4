// `mesh.exit` and `mesh.transit` on the real kernel: what they open, and what stays closed; by rules alone, and by nftables.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeGatewayMesh, type GatewayMesh } from './lab/gateway-mesh.ts';
import { capture, reaches } from './lab/probe.ts';

const INTERNET = '203.0.113.1';

let mesh: GatewayMesh;
let foreign: string;

beforeAll(async () => {
  mesh = await makeGatewayMesh();
  foreign = await mesh.foreignTables();
});

afterAll(() => mesh.lab.close());

/** Who gets to whom: a host behind the gateway, one behind two tunnels, and the internet. */
async function table(): Promise<Record<string, boolean>> {
  const { side1, third, lab, gateway } = mesh;
  const rows = {
    'near -> internet': [side1.host, INTERNET],
    'far -> internet': [third.host, INTERNET],
    'gateway by its mesh address -> internet': [gateway, INTERNET, ['-I', '10.69.1.11']],
    'internet -> near': [lab.underlay, '10.69.1.50'],
    'internet -> far': [lab.underlay, '10.69.3.50'],
    'near -> far': [side1.host, '10.69.3.50'],
  } as const;
  const found = Object.entries(rows).map(async ([name, [from, to, options]]) => [
    name,
    await reaches(from, to, options),
  ]);
  return Object.fromEntries(await Promise.all(found)) as Record<string, boolean>;
}

const closed = {
  'near -> internet': false,
  'far -> internet': false,
  'gateway by its mesh address -> internet': false,
  'internet -> near': false,
  'internet -> far': false,
  'near -> far': true,
};

async function leakCheck(): Promise<string> {
  return (await mesh.gateway.wgospf(['leak-check'])).stdout;
}

/** Packets that bear a mesh address, on the underlay; WireGuard's own carry those of the routers. */
const crossing = (meanwhile: () => Promise<unknown>): Promise<string[]> =>
  capture(mesh.lab.underlay, 'net 10.69.0.0/16 or net 10.70.0.0/16', meanwhile);

/**
 * What the gateway lets through of packets from the underlay under addresses of the mesh: one that nobody has, and one of the
 * transit network; to hosts of the mesh, and back out again.
 */
async function forged(): Promise<string[]> {
  const { side1, third, lab, gateway } = mesh;
  const sources = ['10.69.77.7', '10.69.1.77'];
  await lab.underlay.sh(`
    for a in ${sources.join(' ')}; do ip address replace $a/32 dev lo; done
    ip route replace 203.0.113.77 via ${gateway.underlay}`);
  const send = (): Promise<unknown> =>
    Promise.all(
      sources.flatMap((from) =>
        ['10.69.1.50', '10.69.3.50', '203.0.113.77'].map((to) => reaches(lab.underlay, to, ['-I', from])),
      ),
    );
  let near: string[] = [];
  let far: string[] = [];
  const left = await capture(gateway, `src ${gateway.underlay} and dst 203.0.113.77`, async () => {
    near = await capture(side1.host, 'net 10.69.77.7/32 or net 10.69.1.77/32', async () => {
      far = await capture(third.host, 'net 10.69.77.7/32 or net 10.69.1.77/32', send);
    });
  });
  await lab.underlay.sh(`for a in ${sources.join(' ')}; do ip address del $a/32 dev lo; done`);
  return [...near, ...far, ...left].filter((line) => !line.startsWith('ARP'));
}

test('a router that opens nothing lets nothing cross', async () => {
  expect(await table()).toEqual(closed);
  expect(await crossing(() => reaches(mesh.third.host, INTERNET))).toEqual([]);
  // the capture does see such packets: the underlay's own, on their way to a router that refuses them
  expect(await crossing(() => reaches(mesh.lab.underlay, '10.69.1.50'))).not.toEqual([]);
});

test('an exit by rules gives the mesh the internet, and the underlay the mesh', async () => {
  await mesh.apply('exit: allow');
  expect(await table()).toEqual(Object.fromEntries(Object.keys(closed).map((name) => [name, true])));
  const seen = await crossing(async () => {
    await reaches(mesh.third.host, INTERNET);
    // neither what the mesh does not know
    await reaches(mesh.side1.host, '10.69.77.1');
  });
  expect(seen).toEqual([]);
  expect(await forged()).toEqual([]);
  expect(await leakCheck()).toMatch(/allowed eth0(.|\n)* cross as the state file allows, none crosses otherwise/);
});

test('an exit with nftables lets the mesh open connections, and the underlay only answer', async () => {
  await mesh.apply('exit: allow', 'firewall: nftables');
  expect(await table()).toEqual({
    ...closed,
    'near -> internet': true,
    'far -> internet': true,
    'gateway by its mesh address -> internet': true,
  });
  expect(await mesh.foreignTables()).toBe(foreign);
});

test('an exit that is removed closes at once', async () => {
  await mesh.apply('firewall: nftables');
  expect(await table()).toEqual(closed);
  expect(await leakCheck()).toMatch(/checked, none crosses$/m);
});

test('a transit network by rules is reachable from the underlay and may leave, and the rest stays closed', async () => {
  await mesh.apply('transit: [10.69.1.0/24]');
  expect(await table()).toEqual({ ...closed, 'internet -> near': true, 'near -> internet': true });
  expect(await leakCheck()).toContain('none crosses otherwise');
  expect(await forged()).toEqual([]);
});

test('a transit network with nftables lets the underlay open connections, and the mesh only answer', async () => {
  await mesh.apply('transit: [10.69.1.0/24]', 'firewall: nftables');
  expect(await table()).toEqual({ ...closed, 'internet -> near': true });
  expect(await mesh.foreignTables()).toBe(foreign);
  // by nftables alone as well: the rules' spoof guards are gone until the next pass
  await mesh.gateway.sh('for p in 1091 1097; do ip rule del from 10.69.0.0/16 blackhole priority $p; done');
  expect((await forged()).filter((line) => !line.includes('203.0.113.77'))).toEqual([]);
  await mesh.gateway.wgospf(['apply']);
});

test('a transit network behind a tunnel is reachable', async () => {
  await mesh.apply('transit: [10.69.3.0/24]', 'firewall: nftables');
  // node 333 has its own internet closed to the mesh; its answers go back by way of the gateway
  expect(await table()).toEqual({ ...closed, 'internet -> far': true });
});

test('down removes the table and leaves foreign tables', async () => {
  await mesh.gateway.wgospf(['down']);
  expect(await mesh.gateway.sh('nft list tables')).not.toContain('wgospf');
  expect(await mesh.foreignTables()).toBe(foreign);
});
