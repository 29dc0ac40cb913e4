// `mesh.match: mark` on the real kernel: one rule and a mark forward what a rule for each interface did, whatever rp_filter was
// before; and a ruleset that somebody flushes closes the mesh and opens nothing.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectMeshRoute, lastPing, lostPings } from './lab/expect-mesh.ts';
import { makeGatewayMesh, type GatewayMesh } from './lab/gateway-mesh.ts';
import { capture, reaches } from './lab/probe.ts';

const INTERNET = '203.0.113.1';

let mesh: GatewayMesh;

beforeAll(async () => {
  mesh = await makeGatewayMesh();
  const { side2 } = mesh;
  const text = await side2.router.readFile('/etc/wgospf/state.yaml');
  // the router in the middle as well: from tunnel to tunnel
  await side2.router.writeState(text.replace('\nmesh:\n', '\nmesh:\n  match: mark\n'));
  await side2.router.wgospf(['apply']);
});

afterAll(() => mesh.lab.close());

const crossing = (meanwhile: () => Promise<unknown>): Promise<string[]> =>
  capture(mesh.lab.underlay, 'net 10.69.0.0/16 or net 10.70.0.0/16', meanwhile);

const rules = (): Promise<string> => mesh.side2.router.sh('ip rule show table 2');

test('a rule for the mark replaces the rules of each interface', async () => {
  expect(await rules()).toContain('fwmark 0x57000000/0xff000000');
  expect((await rules()).split('\n').filter((line) => /iif (eth1|wg)/.test(line))).toEqual([]);
});

describe.each(['0', '1', '2'])('rp_filter %s beforehand', (value) => {
  test('forwarded packets pass, nothing crosses, and the leak check agrees', async () => {
    const { gateway, side1, third } = mesh;
    await gateway.wgospf(['down']);
    await gateway.sh(`for f in all default eth0 eth1; do sysctl -qw net.ipv4.conf.$f.rp_filter=${value}; done`);
    await mesh.apply('match: mark');
    await expectMeshRoute(gateway, '10.69.3.0/24');
    await expectMeshRoute(third.router, '10.69.1.0/24');
    expect([await reaches(side1.host, '10.69.3.50'), await reaches(third.host, '10.69.1.50')]).toEqual([true, true]);
    expect([await reaches(gateway, '10.69.3.50'), await reaches(third.host, '10.69.1.11')]).toEqual([true, true]);
    const seen = await crossing(async () => {
      expect([await reaches(side1.host, INTERNET), await reaches(third.host, INTERNET)]).toEqual([false, false]);
    });
    expect(seen).toEqual([]);
    const { stdout } = await gateway.wgospf(['leak-check']);
    expect(stdout).toMatch(/wg222, unmarked(.|\n)*none crosses$/m);
  });

  test('a flushed ruleset closes the mesh, and the next pass repairs it', async () => {
    const { gateway, side1, third } = mesh;
    await gateway.sh('nft flush ruleset');
    const seen = await crossing(async () => {
      expect([
        await reaches(side1.host, INTERNET),
        await reaches(third.host, INTERNET),
        await reaches(side1.host, '10.69.3.50'),
        await reaches(third.host, '10.69.1.50'),
      ]).toEqual([false, false, false, false]);
    });
    expect(seen).toEqual([]);
    // the router's own way into the mesh does not hang on the mark
    expect(await reaches(gateway, '10.69.3.50')).toBe(true);
    await gateway.wgospf(['apply']);
    expect(await reaches(side1.host, '10.69.3.50')).toBe(true);
  });
});

test('a foreign mark on a packet of the underlay opens nothing', async () => {
  const { gateway, lab, side1 } = mesh;
  // the second guard would drop it as well
  await mesh.apply('match: mark', 'firewall: none');
  // which would refuse it as well: by the guards no way leads back
  await gateway.sh('sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0');
  await gateway.sh(`nft -f - <<'END'
table inet stranger {
  chain pre {
    type filter hook prerouting priority raw; policy accept;
    iifname "eth0" meta mark set 0x57000001
  }
}
END`);
  const getsIn = async (): Promise<boolean> =>
    (await capture(side1.host, 'icmp and dst host 10.69.1.50', () => reaches(lab.underlay, '10.69.1.50'))).length > 0;
  expect(await getsIn()).toBe(false);
  // by the mark alone it would: this is what ours takes away
  await gateway.sh('nft flush chain inet wgospf prerouting');
  expect(await getsIn()).toBe(true);
  await gateway.wgospf(['apply']);
  expect(await getsIn()).toBe(false);
});

test('no packet is lost from a rule per interface to the mark and back', async () => {
  const { side1 } = mesh;
  const ping = side1.host.start('ping', ['-n', '-i', '0.01', '10.69.3.50']);
  await mesh.apply();
  await mesh.apply('match: mark');
  const output = await ping.stop();
  expect(lastPing(output)).toBeGreaterThan(1);
  expect(lostPings(output)).toEqual([]);
});
