// A far end that announces its own endpoint's address, nearer than anything else: the tunnel's encrypted packets must not
// follow that route into the tunnel itself.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from './lab/eventually.ts';
import { expectFull, expectPing } from './lab/expect-mesh.ts';
import { makeLab, type Lab } from './lab/make-lab.ts';
import type { Router } from './lab/router.ts';

let lab: Lab;
let a: Router;
let b: Router;

beforeEach(async () => {
  lab = await makeLab();
  [a, b] = [await lab.router('a'), await lab.router('b')];
  for (const router of [a, b]) {
    await router.sh('ip link add eth1 type bridge; ip link set eth1 up');
    await router.startBird();
  }
});
afterEach(() => lab.close());

interface Side {
  readonly n: 1 | 2;
  readonly table: string;
  readonly endpoint: string;
  readonly key: string;
  readonly steals: string;
}

const state = ({ n, table, endpoint, key, steals }: Side): string => `version: 1
router: {id: 10.69.${n}.1}
mesh: {table: ${table}, prefixes: [10.69.0.0/16, 10.70.0.0/16]}
interfaces:
  eth1: {address: 10.69.${n}.1/24, ospf: {stub: true}}
tunnels:
  wgx:
    address: 10.70.89.${n - 1}/31
    listenPort: 51825
    privateKeyFile: keys/wgx.key
    peer: {publicKey: ${key}, endpoint: '${endpoint}:51825', persistentKeepalive: 1}
    ospf: {type: ptp, hello: 1, dead: 4}
bird: {ospf: {export: ${steals}}}
`;

const OWN = '{name: nycmesh, id: 2}';

/** Router a with its mesh in this table, and b at an endpoint whose very address it announces. */
async function steal(table: string, endpoint: string): Promise<void> {
  const [keyA, keyB] = [await a.makeKey('keys/wgx.key'), await b.makeKey('keys/wgx.key')];
  await a.writeState(state({ n: 1, table, endpoint, key: keyB, steals: 'none' }));
  await b.writeState(
    state({ n: 2, table: OWN, endpoint: a.underlay, key: keyA, steals: `[${b.underlay}/32, 10.69.77.0/24]` }),
  );
  await a.wgospf(['apply', '--adopt']);
  await b.wgospf(['apply', '--adopt']);
}

/** That a knows of both announced networks, and what of it came to the kernel. */
async function learned(table: string): Promise<string> {
  await eventually(async () => {
    expect(await a.birdc(`show route ${b.underlay}/32`)).toContain('wgx');
    expect(await a.sh(`ip route show table ${table} proto bird`)).toContain('10.69.77.0/24');
  });
  return a.sh(`ip route show table ${table} proto bird`);
}

const wayOut = async (): Promise<string> => (await a.sh(`ip route get ${b.underlay}`)).split('\n')[0] ?? '';

/** New packets both ways, and the neighbour Full, after the stolen route is in force. */
async function expectAlive(): Promise<void> {
  await expectPing(a, '10.69.2.1');
  const before = await a.sh('wg show wgx transfer');
  await eventually(async () => {
    expect(await a.sh('wg show wgx transfer')).not.toBe(before);
  });
  await expectFull(a, { wgx: '10.69.2.1' });
}

test('with a mesh table WireGuard does not use the route to its own endpoint', async () => {
  await steal(OWN, b.underlay);
  expect(await learned('2')).toContain(`${b.underlay} `);
  expect(await wayOut()).toContain('dev eth0');
  await expectAlive();
});

test("in main a route that contains the endpoint's address is refused, and no other", async () => {
  await steal('main', b.underlay);
  expect(await learned('main')).not.toContain(`${b.underlay} `);
  expect(await wayOut()).toContain('dev eth0');
  await expectAlive();
});

test('in main an endpoint with a name is not protected, and check warns', async () => {
  await a.sh(`echo '${b.underlay} far.example.net' >>/etc/hosts`);
  await steal('main', 'far.example.net');
  const { stdout, stderr } = await a.wgospf(['check'], { mayFail: true });
  expect(stdout + stderr).toContain('endpoint-name-main');
  await eventually(async () => {
    expect(await wayOut()).toContain('dev wgx');
  });
});
