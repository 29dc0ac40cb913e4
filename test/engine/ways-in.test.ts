// A state that would take the host's own uplink or login path: reported before the first operation, in every mode; cures pass the check.
import { describe, expect, test } from 'vitest';
import { makePlan } from '../../src/engine/reconcile.ts';
import type { Condition } from '../../src/engine/types.ts';
import { resources } from '../../src/resources/index.ts';
import { whyLost } from '../../src/resources/surroundings/logins.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { readState } from '../fakes/read-state.ts';

interface Login {
  readonly isolation?: string;
  readonly prefixes?: string;
  readonly interfaces?: string;
  readonly endpoint?: string;
}

const stateOf = ({
  isolation = 'table',
  prefixes = '10.0.0.0/8',
  interfaces = '{}',
  endpoint,
}: Login): string => `version: 1
router: {id: 10.70.99.203}
mesh: {isolation: ${isolation}, table: {name: mesh, id: 2}, prefixes: [${prefixes}]}
interfaces: ${interfaces}
tunnels:
  wg1:
    address: 10.70.246.100/31
    listenPort: 51990
    peer: {publicKey: J93hKMPDfd2rx9p5HV33bQrNPqr5KGw//OpKn2xJe2M=${endpoint === undefined ? '' : `, endpoint: "${endpoint}:51990"`}}
`;

const EDGE = '{eth0: {address: 10.70.99.203/24}}';

/** eth0 with an address of the mesh; lines of ip add more. */
function hostWith(lines = 'ip route add default via 10.70.99.1'): FakeHost {
  const host = createFakeHost();
  host.run(`
ip link set lo up
ip link add eth0 type veth peer name far0
ip link set eth0 up
ip address add 10.70.99.203/24 dev eth0
ip link add eth5 type veth peer name far5
ip link set eth5 up
ip address add 192.168.5.2/24 dev eth5
${lines}`);
  return host;
}

async function conditions(host: FakeHost, text: string): Promise<readonly Condition[]> {
  const plan = await makePlan(host, resources, readState(text, host.env), { adopt: true });
  const own = plan.conditions.filter(({ code }) => /^(uplink|underlay|login)-/.test(code));
  expect(plan.operations.length === 0).toBe(own.some(({ veto }) => veto));
  return own;
}

const conditionsOf = async (host: FakeHost, text: string): Promise<string[]> =>
  (await conditions(host, text)).map(({ code, subject }) => `${code} ${subject}`);

describe.each(['table', 'vrf', 'netns'])('isolation: %s', (isolation) => {
  test('the interface of the default route is not taken', async () => {
    const found = await conditions(hostWith(), stateOf({ isolation, interfaces: EDGE }));
    expect(found.map(({ code, subject, veto }) => [code, subject, veto])).toEqual([
      ['uplink-would-move', 'eth0', true],
    ]);
    expect(found[0]?.message).toMatch(/narrow 10\.0\.0\.0\/8 of mesh\.prefixes .*mesh\.table: main/);
  });

  test('the interface of the route to an endpoint is not taken, although another one carries the default route', async () => {
    const host = hostWith('ip route add default via 192.168.5.1\nip route add 198.51.100.0/24 via 10.70.99.1');
    const [found] = await conditions(host, stateOf({ isolation, interfaces: EDGE, endpoint: '198.51.100.2' }));
    expect(found).toMatchObject({ code: 'uplink-would-move', subject: 'eth0', veto: true });
    expect(found?.message).toContain('the route to 198.51.100.2, the endpoint of wg1');
  });

  test('the interface of one of several next hops of the default route is not taken', async () => {
    const host = hostWith('ip route add default nexthop via 192.168.5.1 dev eth5 nexthop via 10.70.99.1 dev eth0');
    expect(await conditionsOf(host, stateOf({ isolation, interfaces: EDGE }))).toEqual(['uplink-would-move eth0']);
  });

  test('with another uplink that is preferred an interface may belong to the mesh', async () => {
    const host = hostWith(
      'ip route add default via 10.70.99.1 metric 500\nip route add default via 192.168.5.1 metric 100',
    );
    expect(await conditionsOf(host, stateOf({ isolation, interfaces: EDGE }))).toEqual([]);
  });
});

test('the cure for an uplink inside mesh.prefixes does not lead to taking it', async () => {
  const [found] = await conditions(hostWith(), stateOf({}));
  expect(found).toMatchObject({ code: 'underlay-inside-mesh', subject: 'eth0', veto: true });
  expect(found?.message).not.toContain('name eth0 under interfaces:');
  const main = stateOf({ interfaces: EDGE }).replace('table: {name: mesh, id: 2}', 'table: main');
  for (const cure of [stateOf({ prefixes: '10.70.246.0/24' }), main])
    expect(await conditionsOf(hostWith(), cure)).toEqual([]);
});

test('the cure for another interface inside mesh.prefixes names it, and is accepted', async () => {
  const host = hostWith('ip route add default via 192.168.5.1');
  expect((await conditions(host, stateOf({})))[0]?.message).toContain('name eth0 under interfaces:');
  expect(await conditionsOf(host, stateOf({ interfaces: EDGE }))).toEqual([]);
});

test('a route into mesh.prefixes through an interface outside the mesh is reported before its destination becomes unreachable', async () => {
  const way = 'ip route add default via 192.168.5.1\nip route add 10.128.0.0/16 via 192.168.5.9';
  const found = await conditions(hostWith(way), stateOf({ interfaces: EDGE }));
  expect(found).toMatchObject([
    { code: 'underlay-route-inside-mesh', subject: '10.128.0.0/16', severity: 'error', veto: true },
  ]);
  expect(found[0]?.message).toContain('10.128.0.0/16 via 192.168.5.9 dev eth5');
  expect(await conditionsOf(hostWith(way), stateOf({ interfaces: EDGE, prefixes: '10.70.0.0/16' }))).toEqual([]);
});

test('a route of a routing program is a warning, and a route of a mesh interface is not reported', async () => {
  const own = 'ip route add default via 192.168.5.1\nip route add 10.3.0.0/16 via 10.70.99.9';
  expect(await conditionsOf(hostWith(own), stateOf({ interfaces: EDGE }))).toEqual([]);
  const found = await conditions(
    hostWith(`${own}\nip route add 10.4.0.0/16 via 192.168.5.9 proto 186`),
    stateOf({ interfaces: EDGE }),
  );
  expect(found).toMatchObject([{ code: 'underlay-route-inside-mesh', severity: 'warning', subject: '10.4.0.0/16' }]);
});

test('a route with several next hops is reported with all of them, unless each is through a mesh interface', async () => {
  const way = (dev: string, via: string): string =>
    `ip route add default via 192.168.5.1\nip route add 10.128.0.0/16 nexthop via ${via} dev ${dev} nexthop via 10.70.99.9 dev eth0`;
  const [found] = await conditions(hostWith(way('eth5', '192.168.5.9')), stateOf({ interfaces: EDGE }));
  expect(found).toMatchObject({ code: 'underlay-route-inside-mesh', subject: '10.128.0.0/16', veto: true });
  const words = '10.128.0.0/16 nexthop via 192.168.5.9 dev eth5 nexthop via 10.70.99.9 dev eth0';
  expect(found?.message).toContain(`ip route del ${words}`);
  expect(await conditionsOf(hostWith(way('eth0', '10.70.99.8')), stateOf({ interfaces: EDGE }))).toEqual([]);
});

describe("logins are read from the kernel's sockets", () => {
  const host = createFakeHost();
  const login = (local: string, remote: string, ssh = true) => ({
    ...{ local: { address: local, port: 22 }, remote: { address: remote, port: 40_000 }, ssh },
  });
  const lost = (isolation: string, dev: string, local: string, remote: string, ssh?: boolean): boolean =>
    whyLost(
      login(local, remote, ssh),
      dev,
      readState(stateOf({ isolation, prefixes: '10.70.0.0/16', interfaces: EDGE }), host.env),
    ) !== undefined;

  test.each([
    [
      'by the uplink from outside the mesh',
      'eth5',
      '192.168.5.2',
      '203.0.113.9',
      { table: false, vrf: false, netns: false },
    ],
    [
      'by the uplink from an address of the mesh',
      'eth5',
      '192.168.5.2',
      '10.70.3.3',
      { table: true, vrf: true, netns: true },
    ],
    [
      'from a neighbour on a mesh interface',
      'eth0',
      '10.70.99.203',
      '10.70.99.9',
      { table: false, vrf: false, netns: true },
    ],
    ['from beyond a mesh interface', 'eth0', '10.70.99.203', '203.0.113.9', { table: true, vrf: true, netns: true }],
    [
      'by another address of a mesh interface',
      'eth0',
      '192.168.7.2',
      '203.0.113.9',
      { table: false, vrf: true, netns: true },
    ],
  ])('%s', (_name, dev, local, remote, expected) => {
    const modes = Object.keys(expected);
    expect(Object.fromEntries(modes.map((mode) => [mode, lost(mode, dev, local, remote)]))).toEqual(expected);
  });

  test("a mesh neighbour's connection to another service gives the warning mesh-login", () => {
    expect(lost('netns', 'eth0', '10.70.99.203', '10.70.99.9', false)).toBe(false);
  });
});
