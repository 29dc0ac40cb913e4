// `wgospf status`: its tables and its exit code.
import { expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { assess } from '../../src/status/assess.ts';
import { formatStatus } from '../../src/cli/format/status.ts';
import { wantedByModel } from '../../src/status/wanted.ts';
import { makeStyle } from '../../src/cli/style.ts';
import { HostError } from '../../src/host/error.ts';
import { fakeContext } from './fake-context.ts';
import { addLink, model, notices, ospf, plan, tunnel } from './samples.ts';
import { facts, link, peer } from '../status/status-samples.ts';

const eth1 = { ...tunnel('eth1'), kind: 'existing', mtu: undefined, ospf: ospf({ cost: 1, stub: true }) } as const;
const two = model({ tunnels: [tunnel('wg222'), tunnel('wg333', { endpoint: undefined })], interfaces: [eth1] });
const device = { publicKey: 'ours', listenPort: 51825, fwmark: 0 } as const;

const half = facts({
  links: [link('wg222'), link('wg333'), link('eth1', { kind: '', alias: '' })],
  devices: [
    { ...device, name: 'wg222', peers: [peer()] },
    {
      ...device,
      name: 'wg333',
      peers: [peer({ publicKey: 'key-of-wg333', endpoint: '', latestHandshake: 0, rxBytes: 0, txBytes: 0 })],
    },
  ],
  plan: plan({ operations: [addLink], conditions: notices.conditions }),
});

test('status prints a summary, tables, reasons and conditions', () => {
  expect(formatStatus(assess(wantedByModel(two), half), makeStyle(false))).toBe(
    `1/2 tunnels up, 1/2 adjacencies Full, 2 routes, not in sync (1 operation pending)

TUNNEL  ENDPOINT         ADDRESS        LINK  HANDSHAKE  RECEIVED      SENT  OSPF  COST
wg222   192.0.2.1:51825  10.70.89.0/31  up     42 s ago  1.50 KiB  2.00 MiB  Full    15
wg333   (listening)      10.70.89.0/31  up        never       0 B       0 B  none    15

ROUTER ID   ADDRESS     INTERFACE  STATE     DEAD TIMER
10.69.2.22  10.70.89.1  wg222      Full/PtP      33.3 s
-           -           wg333      none               -

INTERFACE  ADDRESS        LINK  OSPF  COST
eth1       10.70.89.0/31  up    stub     1

routes in table nycmesh (2): 2 bird, 1 wgospf

tunnel wg333: no handshake yet: this side listens on UDP 51825 and waits for the far end
adjacency wg333: tunnel wg333 carries no traffic, see its own reason

warning no-guard mesh.table: table main has no guards`,
  );
});

test('colours do not change the columns', () => {
  const status = assess(wantedByModel(two), half);
  const coloured = formatStatus(status, makeStyle(true));
  expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(formatStatus(status, makeStyle(false)));
  expect(coloured).toContain('\u001b[31mwg333\u001b[39m');
});

test('a router that is well and in sync gives one summary', () => {
  const text = formatStatus(assess(wantedByModel(model({ tunnels: [tunnel('wg222')] })), facts()), makeStyle(false));
  expect(text.split('\n')[0]).toBe('1/1 tunnels up, 1/1 adjacencies Full, 2 routes, in sync');
});

test('a router without tunnels that is in sync exits with 0', async () => {
  const ctx = fakeContext({
    load: () => Promise.resolve({ model: model({ tunnels: [] }), diagnostics: [], text: '' }),
  });
  ctx.host().bird.ask = () => Promise.resolve({ lines: [{ code: 0, text: '' }], code: 0 });
  expect(await run(['status'], ctx)).toBe(0);
  expect(ctx.stdout()).toBe(
    '0/0 tunnels up, 0/0 adjacencies Full, 0 routes, in sync\n\nroutes in table nycmesh (2): none',
  );
});

test('a bad state file or a failed plan is reported, and status still prints the rest', async () => {
  const bad = fakeContext({ load: () => Promise.resolve({ model: undefined, diagnostics: [], text: '' }) });
  expect(await run(['status', '--json'], bad)).toBe(1);
  expect(JSON.parse(bad.stdout())).toMatchObject({ conditions: [{ code: 'bad-state-file' }] });
  const error = new HostError({ operation: 'dump rules', code: 'EINTR', detail: 'interrupted' });
  const failing = fakeContext({ makePlan: () => Promise.reject(error) });
  expect(await run(['status', '--json'], failing)).toBe(1);
  expect(JSON.parse(failing.stdout())).toMatchObject({ conditions: [{ code: 'no-plan', severity: 'error' }] });
});

test('--json has everything that the tables have', async () => {
  const ctx = fakeContext();
  expect(await run(['status', '--json'], ctx)).toBe(1);
  const json = JSON.parse(ctx.stdout()) as Record<string, unknown>;
  expect(Object.keys(json)).toEqual([
    'tunnels',
    'adjacencies',
    'interfaces',
    'table',
    'routes',
    'birdProblem',
    'pending',
    'inSync',
    'conditions',
    'daemon',
  ]);
  expect(json['tunnels']).toMatchObject([
    { name: 'wg222', link: 'absent', state: 'down', handshakeAge: null },
    { name: 'wg22' },
  ]);
});
