// `wgospf down` leaves a router exactly as it was found.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAsFound } from './lab/expect-as-found.ts';
import { expectFull } from './lab/expect-mesh.ts';
import { makeSeedMesh, type SeedMesh } from './lab/seed-mesh.ts';

let mesh: SeedMesh;

beforeAll(async () => {
  mesh = await makeSeedMesh();
  await mesh.side1.router.writeState(mesh.side1.state('wg222'));
  await mesh.side2.router.writeState(mesh.side2.state('wg111'));
});

afterAll(() => mesh.lab.close());

test('down after apply restores links, addresses, routes, rules, settings, files and processes', async () => {
  await expectAsFound(mesh, (router) => router.wgospf(['down']));
});

test('down without an object of ours changes nothing', async () => {
  const { router } = mesh.third;
  const found = await router.dump();
  const { stdout } = await router.wgospf(['down']);
  expect(stdout).toContain('nothing of ours was here');
  expect(await router.dump()).toBe(found);
});

test('the router comes up again after down, and a down in another network namespace does not change it', async () => {
  const { side1, side2 } = mesh;
  await side1.router.wgospf(['apply', '--adopt']);
  await side2.router.wgospf(['apply', '--adopt']);
  await expectFull(side1.router, { wg222: '10.69.2.22' });
  const files = 'sha256sum /etc/bird/bird.conf /etc/iproute2/rt_tables.d/* /run/wgospf/notes.json';
  const found = await side1.router.sh(files);
  const { program } = await side1.router.built();
  for (const before of ['true', 'rm -r /run/wgospf/namespace', 'rm /var/lib/wgospf/namespace']) {
    const script = `${before}; unshare -n ${process.execPath} ${program} down`;
    const { exitCode, stderr } = await side1.router.exec('sh', ['-c', script], { mayFail: true });
    expect({ exitCode, stderr }, before).toEqual({
      exitCode: 7,
      stderr: expect.stringMatching(/belong to the network namespace net:\[\d+\], and this is another/) as string,
    });
  }
  expect(await side1.router.sh(files)).toBe(found);
});
