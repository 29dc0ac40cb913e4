// `wgospf leak-check` on the real kernel: silent on a router of ours, loud on the seed's own stanzas, and right: what it
// calls a leak is seen by a capture on the underlay, what it calls none is not.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from './lab/eventually.ts';
import { expectMeshRoute } from './lab/expect-mesh.ts';
import { capture, reaches } from './lab/probe.ts';
import { makeSeedMesh, type SeedMesh } from './lab/seed-mesh.ts';
import type { Router } from './lab/router.ts';

interface Answer {
  readonly ok: boolean;
  readonly leaks: readonly {
    readonly origin: { readonly name: string };
    readonly destination: { readonly name: string };
  }[];
  readonly paths: readonly { readonly family: number; readonly answer: { readonly verdict: string } }[];
}

let mesh: SeedMesh;
let router: Router;

beforeAll(async () => {
  mesh = await makeSeedMesh();
  const { side1, side2, third } = mesh;
  ({ router } = side1);
  // the check asks for routes: without the second guard, which the packets would meet behind them
  await side1.router.writeState(side1.state('wg222').replace('\nmesh:\n', '\nmesh:\n  firewall: none\n'));
  await side2.router.writeState(side2.state('wg111', 'wg333'));
  await third.router.writeState(third.state('wg222'));
  for (const { router: r } of [side1, side2, third]) await r.wgospf(['apply', '--adopt']);
  await expectMeshRoute(router, '10.69.3.0/24');
});

afterAll(() => mesh.lab.close());

async function leakCheck(): Promise<{ code: number; answer: Answer }> {
  const { exitCode: code, stdout } = await router.wgospf(['leak-check', '--json'], { mayFail: true });
  return { code, answer: JSON.parse(stdout) as Answer };
}

/** `wg222 -> internet`, sorted */
const named = ({ leaks }: Answer): string[] =>
  leaks.map(({ origin, destination }) => `${origin.name} -> ${destination.name}`).toSorted();

/** What plan and status say of a router by their exit codes and as JSON. */
async function expectOneJudgement(code: 0 | 1): Promise<void> {
  for (const command of ['plan', 'status']) {
    const { exitCode, stdout } = await router.wgospf([command, '--json'], { mayFail: true });
    const status = JSON.parse(stdout) as { inSync: boolean; conditions: { code: string }[] };
    const leaks = status.conditions.filter((condition) => condition.code === 'leak-path').length;
    expect([command, exitCode, status.inSync, leaks > 0]).toEqual([command, code, code === 0, code === 1]);
  }
}

/** Whether a packet of a mesh host to the internet is seen on the underlay. */
async function isSeenOutside(): Promise<boolean> {
  const wire = mesh.lab.underlay.start('tcpdump', ['-lnp', '-i', 'any', 'icmp']);
  await eventually(() => {
    expect(wire.output()).toContain('listening on');
  });
  await mesh.side1.host.sh('ping -c 3 -i 0.2 -W 1 203.0.113.1 || true');
  // one that does come through, to know that the capture saw all up to here
  await mesh.lab.underlay.sh(`ping -c 1 -W 2 ${router.underlay}`);
  await eventually(() => {
    expect(wire.output()).toContain(`> ${router.underlay}: ICMP echo request`);
  });
  return (await wire.stop()).includes('> 203.0.113.1');
}

test('no path crosses on a router of ours, and packets agree', async () => {
  const { code, answer } = await leakCheck();
  expect(named(answer)).toEqual([]);
  expect({ code, ok: answer.ok }).toEqual({ code: 0, ok: true });
  // every kind of answer is among them: the questions do reach routes that lead somewhere
  expect(new Set(answer.paths.map((p) => `${p.family} ${p.answer.verdict}`))).toEqual(
    new Set(['4 refused', '4 forward', '6 refused', '6 forward']),
  );
  const { stdout } = await router.wgospf(['leak-check']);
  expect(stdout).toMatch(/paths checked, none crosses$/m);
  expect(await isSeenOutside()).toBe(false);
});

test('only several missing guards open a path, and the check says which', async () => {
  await router.sh('ip rule del priority 1099 iif eth1');
  expect(named((await leakCheck()).answer)).toEqual([]);
  // the spoof guard does not know eth1 as the mesh's
  expect(named((await leakCheck()).answer)).toEqual([]);
  expect(await isSeenOutside()).toBe(false);
  await router.sh('ip rule del priority 1097; ip rule del priority 1097');
  // now rp_filter alone refuses: by the reverse guard, no way leads back from the uplink to the source
  await router.sh('ip route del unreachable default table 2');
  const found = named((await leakCheck()).answer);
  expect(found.filter((path) => path.startsWith('eth1 -> '))).toEqual([]);
  // a stranger's address has a way back
  expect(found).toContain('eth1, private -> internet');
  expect(await isSeenOutside()).toBe(false);
  await router.sh('ip rule del priority 1098; ip rule del priority 1098');
  const { code, answer } = await leakCheck();
  expect(code).toBe(1);
  const out = ['bogon', 'endpoint', 'internet', 'underlay', '10.69.0.0/16 unknown', '10.70.0.0/16 unknown'];
  expect(named(answer)).toEqual(expect.arrayContaining(out.map((name) => `eth1 -> ${name}`)));
  expect(await isSeenOutside()).toBe(true);
  await router.wgospf(['apply']);
  expect((await leakCheck()).code).toBe(0);
});

test('a path that nothing of ours can close is reported by plan and status, and the router is not in sync', async () => {
  await router.sh('ip rule add priority 500 iif eth1 lookup main');
  await expectOneJudgement(1);
  await router.sh('ip rule del priority 500');
  await expectOneJudgement(0);
});

test('a foreign link with the name of a tunnel gets no path into the mesh', async () => {
  await router.sh('ip link del wg222');
  const intruder = await mesh.lab.host('intruder', router, {
    dev: 'wg222',
    address: '192.168.77.5/24',
    gateway: '192.168.77.1',
  });
  await router.sh('ip address add 192.168.77.1/24 dev wg222');
  const knock = (): Promise<string[]> =>
    capture(mesh.side1.host, 'net 192.168.77.0/24', () => reaches(intruder, '10.69.1.50'));
  // as it was without us: the rule knows the link by its name
  expect(await knock()).not.toEqual([]);
  expect(named((await leakCheck()).answer)).toContain('wg222 -> 10.69.0.0/16');
  const { exitCode, stdout } = await router.wgospf(['apply'], { mayFail: true });
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('link:wg222') as string });
  expect(await router.sh('ip rule')).not.toContain('wg222');
  expect(await knock()).toEqual([]);
  expect(named((await leakCheck()).answer)).toEqual([]);
  await router.sh('ip link del wg222');
  await router.wgospf(['apply']);
  expect(await router.sh('ip rule')).toMatch(/iif wg222 lookup (?:2|nycmesh)/);
  await expectMeshRoute(router, '10.69.3.0/24');
});

test('a packet from a tunnel with a source outside the mesh is asked for, and packets agree', async () => {
  const far = mesh.side2.router;
  await far.sh(`
    ip address add 192.168.77.5/32 dev lo
    ip rule add priority 5 from 192.168.77.5 lookup 77
    ip route add default dev wg111 table 77`);
  const seen = (): Promise<string[]> =>
    capture(mesh.lab.underlay, 'src 192.168.77.5', () => reaches(far, '203.0.113.1', ['-I', '192.168.77.5']));
  expect(await seen()).toEqual([]);
  await router.sh('ip rule add priority 500 iif wg222 lookup main');
  expect(await seen()).not.toEqual([]);
  expect(named((await leakCheck()).answer)).toContain('wg222, private -> internet');
  await router.sh(
    'ip rule del priority 500; ip rule add priority 500 from 192.168.77.0/24 to 203.0.113.0/24 lookup main',
  );
  expect(await seen()).not.toEqual([]);
  expect(named((await leakCheck()).answer)).toContain('eth1, by rule 500 -> 203.0.113.0/24');
  await router.sh('ip rule del priority 500');
  await far.sh('ip rule del priority 5; ip route flush table 77; ip address del 192.168.77.5/32 dev lo');
});

test('a route that takes a second endpoint into the mesh is found', async () => {
  const far = mesh.side2.router;
  const ask = async (): Promise<string[]> => {
    const { stdout } = await far.wgospf(['leak-check', '--json'], { mayFail: true });
    return named(JSON.parse(stdout) as Answer);
  };
  expect(await ask()).toEqual([]);
  const ends = [router.underlay, mesh.third.router.underlay];
  for (const [i, end] of ends.entries()) {
    await far.sh(`ip route add ${end}/32 dev ${i === 0 ? 'wg333' : 'wg111'}`);
    expect(
      (await ask()).some((name) => /^this host -> endpoint/.test(name)),
      end,
    ).toBe(true);
    await far.sh(`ip route del ${end}/32`);
  }
});

test('a twin of one of our rules is deleted by the command that plan prints, and ours stays', async () => {
  const all = async (): Promise<string[]> => (await router.sh('ip -d rule show')).split('\n').toSorted();
  const ours = await all();
  for (const protocol of ['', 'protocol static', 'protocol boot']) {
    await router.sh(`ip rule add priority 1031 iif wg222 lookup 2 ${protocol}`);
    const { stdout } = await router.wgospf(['plan', '--json'], { mayFail: true });
    const [twin] = (JSON.parse(stdout) as { foreign: { message: string }[] }).foreign;
    await router.sh(/takes it away: (ip rule del .*)$/.exec(twin?.message ?? '')?.[1] ?? 'false');
    expect(await all()).toEqual(ours);
  }
});

test("the seed's own stanzas leak both ways, and the check reports it", async () => {
  await router.sh(`
    ip rule flush protocol 87
    ip route del unreachable default table 2
    ip rule add from all iif eth1 lookup 2 pref 1021
    ip rule add from 10.69.1.11 lookup 2 pref 1021
    ip rule add from all iif wg222 lookup 2 pref 1031
    ip rule add from 10.70.89.0 lookup 2 pref 1031`);
  const { exitCode: code } = await router.wgospf(['leak-check'], { mayFail: true });
  expect(code).toBe(1);
  const leaks = named((await leakCheck()).answer);
  for (const leak of [
    'eth1 -> internet',
    'wg222 -> internet',
    'this host by 10.69.1.11 -> internet',
    'eth0 -> 10.69.0.0/16 unknown',
    'this host -> 10.69.0.0/16',
  ]) {
    expect(leaks).toContain(leak);
  }
  expect(await isSeenOutside()).toBe(true);
  await router.wgospf(['apply', '--adopt']);
});
