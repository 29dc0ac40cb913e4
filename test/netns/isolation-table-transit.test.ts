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

test('a router that opens nothing: nothing crosses', async () => {
  expect(await table()).toEqual(closed);
  expect(await crossing(() => reaches(mesh.third.host, INTERNET))).toEqual([]);
  // the capture does see such packets: the underlay's own, on their way to a router that refuses them
  expect(await crossing(() => reaches(mesh.lab.underlay, '10.69.1.50'))).not.toEqual([]);
});

test('an exit by rules: the mesh has its internet, and the underlay the mesh', async () => {
  await mesh.apply('exit: allow');
  expect(await table()).toEqual(Object.fromEntries(Object.keys(closed).map((name) => [name, true])));
  const seen = await crossing(async () => {
    await reaches(mesh.third.host, INTERNET);
    // neither what the mesh does not know
    await reaches(mesh.side1.host, '10.69.77.1');
  });
  expect(seen).toEqual([]);
  expect(await leakCheck()).toMatch(/allowed eth0(.|\n)* cross as the state file says, none crosses otherwise/);
});

test('an exit with nftables: the mesh opens, the underlay only answers', async () => {
  await mesh.apply('exit: allow', 'firewall: nftables');
  expect(await table()).toEqual({
    ...closed,
    'near -> internet': true,
    'far -> internet': true,
    'gateway by its mesh address -> internet': true,
  });
  expect(await mesh.foreignTables()).toBe(foreign);
});

test('an exit that is none any more closes at once', async () => {
  await mesh.apply('firewall: nftables');
  expect(await table()).toEqual(closed);
  expect(await leakCheck()).toMatch(/asked for, none crosses$/m);
});

test('a transit network by rules: reached from the underlay, and free to leave; the rest stays closed', async () => {
  await mesh.apply('transit: [10.69.1.0/24]');
  expect(await table()).toEqual({ ...closed, 'internet -> near': true, 'near -> internet': true });
  expect(await leakCheck()).toContain('none crosses otherwise');
});

test('a transit network with nftables: the underlay opens, the mesh only answers', async () => {
  await mesh.apply('transit: [10.69.1.0/24]', 'firewall: nftables');
  expect(await table()).toEqual({ ...closed, 'internet -> near': true });
  expect(await mesh.foreignTables()).toBe(foreign);
});

test('a transit network behind a tunnel', async () => {
  await mesh.apply('transit: [10.69.3.0/24]', 'firewall: nftables');
  // node 333 has its own internet closed to the mesh; its answers go back by way of the gateway
  expect(await table()).toEqual({ ...closed, 'internet -> far': true });
});

test('down takes the table along and leaves those of others', async () => {
  await mesh.gateway.wgospf(['down']);
  expect(await mesh.gateway.sh('nft list tables')).not.toContain('wgospf');
  expect(await mesh.foreignTables()).toBe(foreign);
});
