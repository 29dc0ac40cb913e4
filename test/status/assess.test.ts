// The status from the facts: up or not, and the reason if it is not.
import { expect, test } from 'vitest';
import { assess, isHealthy } from '../../src/status/assess.ts';
import type { Facts, Status } from '../../src/status/types.ts';
import { wantedByMarks, wantedByModel } from '../../src/status/wanted.ts';
import type { RouterModel, Tunnel } from '../../src/model/types.ts';
import { addLink, model, notices, ospf, plan, tunnel } from '../cli/samples.ts';
import { facts, link, neighbor, NOW, withPeer } from '../status/status-samples.ts';

const one = (t: Tunnel = tunnel('wg222')): RouterModel => model({ tunnels: [t] });
const judge = (f: Facts, m: RouterModel = one()): Status => assess(wantedByModel(m), f);
const tunnelReason = (f: Facts, m?: RouterModel): string | undefined => judge(f, m).tunnels[0]?.reason;
const adjacencyReason = (f: Facts, m?: RouterModel): string | undefined => judge(f, m).adjacencies[0]?.reason;

test('a handshake in the future counts as unknown', () => {
  const set = { ...withPeer({ latestHandshake: NOW + 18_000 }), handshakeAge: () => Infinity };
  expect(judge(set).tunnels[0]).toMatchObject({ state: 'down', handshakeAge: undefined });
  expect(tunnelReason(set)).toMatch(/^the last handshake has a time in the future, because the clock was set back/);
});

test('a healthy router has no reasons', () => {
  const status = judge(facts());
  expect(status.tunnels[0]).toEqual({
    ...{ name: 'wg222', peerKey: 'key-of-wg222', endpoint: '192.0.2.1:51825', addresses: ['10.70.89.0/31'] },
    ...{
      configuredEndpoint: 'vpn222.example.net:51825',
      link: 'up',
      handshakeAge: 42,
      silentFor: 0,
      latestHandshake: NOW - 42,
      allowedIPs: [],
      rxBytes: 1536,
      txBytes: 2_097_152,
    },
    ...{ state: 'up', ospf: { cost: 15, state: 'Full' }, reason: undefined },
  });
  expect(status.adjacencies).toHaveLength(1);
  expect(isHealthy(status)).toBe(true);
});

test('routes of the mesh table are counted by protocol, most first', () => {
  expect(judge(facts()).routes).toEqual([
    { protocol: 'bird', count: 2 },
    { protocol: 'wgospf', count: 1 },
  ]);
});

const listening = one(tunnel('wg222', { endpoint: undefined }));

test.each([
  [
    'link absent',
    facts({ links: [] }),
    "link wg222 does not exist: run 'wgospf reload', or 'wgospf apply' where the daemon does not run",
  ],
  [
    'link down',
    facts({ links: [link('wg222', { up: false })] }),
    "link wg222 is down: run 'wgospf reload', or 'wgospf apply' where the daemon does not run",
  ],
  [
    'no peer',
    withPeer({ publicKey: 'another' }),
    "wg222 does not have the peer: run 'wgospf reload', or 'wgospf apply' where the daemon does not run",
  ],
  [
    'endpoint not set',
    withPeer({ latestHandshake: 0, endpoint: '' }),
    'no handshake yet: vpn222.example.net:51825 does not resolve or was not set: check DNS',
  ],
  [
    'nothing sent',
    withPeer({ latestHandshake: 0, txBytes: 0 }),
    'no handshake yet: nothing was sent to 192.0.2.1:51825 so far',
  ],
  [
    'nothing received',
    withPeer({ latestHandshake: 0, txBytes: 296, rxBytes: 0 }),
    'no handshake yet: 296 B sent to 192.0.2.1:51825, and no valid answer came: check that the far end is up, that its firewall lets the UDP port in, that it has our public key, and that it has no preshared key',
  ],
  [
    'an answer that does not arrive',
    withPeer({ latestHandshake: 0, txBytes: 296, rxBytes: 148, presharedKeyDigest: 'ab' }),
    'no handshake yet: 296 B sent to 192.0.2.1:51825, 148 B received: the far end sends and has our key, but our answer does not arrive or is refused: check that packets pass both ways, and that it has the same preshared key',
  ],
  [
    'stale',
    withPeer({ latestHandshake: NOW - 300 }),
    'last handshake 5 min ago: there was no new one with 192.0.2.1:51825',
  ],
  [
    'stale, and watched',
    { ...withPeer({ latestHandshake: NOW - 300 }), silence: () => ({ seconds: 310.5, sent: 4096 }) },
    'last handshake 5 min ago: there was no new one with 192.0.2.1:51825 (nothing was received for 5 min, and 4.00 KiB were sent meanwhile)',
  ],
  [
    'a session that is good by its age, and hellos that nobody answers',
    { ...facts(), silence: () => ({ seconds: 35, sent: 400 }) },
    'nothing was received for 35 s, and 400 B were sent meanwhile; last handshake 42 s ago: 192.0.2.1:51825 or the path to it is down',
  ],
])('a tunnel without traffic has a reason: %s', (_name, given, reason) => {
  const status = judge(given);
  expect(status.tunnels[0]).toMatchObject({ state: 'down', reason });
  expect(isHealthy(status)).toBe(false);
});

test('a listening side waits for the far end', () => {
  expect(tunnelReason(withPeer({ latestHandshake: 0, endpoint: '' }), listening)).toBe(
    'no handshake yet: this side listens on UDP 51825 and waits for the far end',
  );
});

test('a session is valid for 180 seconds', () => {
  expect(judge(withPeer({ latestHandshake: NOW - 179 })).tunnels[0]?.state).toBe('up');
  expect(judge(withPeer({ latestHandshake: NOW - 180 })).tunnels[0]?.state).toBe('down');
});

test.each([
  ['not for long enough', one(), { seconds: 34, sent: 400 }, {}],
  ['and nothing was sent', one(), { seconds: 500, sent: 0 }, {}],
  ['and hellos are rare', one(tunnel('wg222', {}, { ospf: ospf({ hello: 60 }) })), { seconds: 80, sent: 400 }, {}],
  ['and nothing has to be answered', one(tunnel('wg222', {}, { ospf: undefined })), { seconds: 80, sent: 400 }, {}],
  [
    'and no hello is sent, as to a stub',
    one(tunnel('wg222', {}, { ospf: ospf({ stub: true }) })),
    { seconds: 80, sent: 400 },
    {},
  ],
  [
    'and no hello is sent, for BIRD is down',
    one(),
    { seconds: 80, sent: 400 },
    { ospf: { up: false, reason: 'down' } },
  ],
] as const)('a tunnel without received packets stays up: %s', (_name, wanted, silence, over) => {
  expect(judge({ ...facts(over), silence: () => silence }, wanted).tunnels[0]).toMatchObject({
    ...{ state: 'up', reason: undefined, silentFor: silence.seconds },
  });
});

test('a dead tunnel is the reason of its adjacency', () => {
  const dead = { ...facts({ ospf: { up: true, neighbors: [] } }), silence: () => ({ seconds: 60, sent: 400 }) };
  expect(adjacencyReason(dead)).toBe('tunnel wg222 carries no traffic, see its own reason');
});

test('a tunnel without traffic to carry is idle, and no reason', () => {
  const roadWarrior = one(tunnel('wg222', {}, { ospf: undefined }));
  const status = judge(
    { ...withPeer({ latestHandshake: NOW - 9000 }), ospf: { up: true, neighbors: [] } },
    roadWarrior,
  );
  expect(status.tunnels[0]).toMatchObject({ state: 'idle', ospf: undefined });
  expect(isHealthy(status)).toBe(true);
});

test.each([
  ['Init', /type is ptp here and must be the same there.*AllowedIPs/],
  ['ExStart', /MTU of wg222 is 1420 here and must be the same at the far end/],
  ['Exchange', /large packets are lost/],
  ['Loading', /large packets are lost/],
  ['Attempt', /BIRD has accepted none from there yet: none arrived, or BIRD refused them/],
  ['Down', /is in state Down/],
])('an adjacency in %s has a reason', (state, reason) => {
  expect(adjacencyReason(facts({ ospf: { up: true, neighbors: [neighbor({ state })] } }))).toMatch(reason);
});

const silent = { up: true, neighbors: [] } as const;

test('a missing neighbour behind a working tunnel has a reason that claims no missing hellos', () => {
  expect(adjacencyReason(facts({ ospf: silent }))).toMatch(
    /^BIRD has accepted no hello over wg222: none arrived, or BIRD refused them.* Check that BIRD runs at the far end.* router id$/,
  );
});

test('a missing neighbour behind a ptmp tunnel may lack us in its list', () => {
  const ptmp = one(tunnel('wg222', {}, { ospf: ospf({ type: 'ptmp', neighbors: ['10.70.89.1'] }) }));
  expect(adjacencyReason(facts({ ospf: silent }), ptmp)).toMatch(/with type ptmp.*that it lists our address/);
});

test('a missing neighbour behind a tunnel that is down has the tunnel as its reason', () => {
  expect(adjacencyReason({ ...withPeer({ latestHandshake: 0 }), ospf: silent })).toBe(
    'tunnel wg222 carries no traffic, see its own reason',
  );
});

test('a BIRD that is down is the reason of every adjacency', () => {
  const status = judge(facts({ ospf: { up: false, reason: 'BIRD is not running' } }));
  expect(status.birdProblem).toBe('BIRD is not running');
  expect(status.adjacencies.map((a) => a.reason)).toEqual(['BIRD is not running']);
  expect(isHealthy(status)).toBe(false);
});

test('a neighbour of the file and an unexpected one are both shown', () => {
  const ptmp = one(tunnel('wg222', {}, { ospf: ospf({ type: 'ptmp', neighbors: ['10.70.89.1', '10.70.89.9'] }) }));
  expect(judge(facts(), ptmp).adjacencies.map((a) => `${a.address ?? ''} ${a.state}`)).toEqual([
    '10.70.89.1 Full',
    '10.70.89.9 none',
  ]);
});

const twoWay = (role: string, type: 'broadcast' | 'nbma' | 'ptmp'): Status => {
  const neighbors = [neighbor({ interface: 'eth1', state: '2-Way', role })];
  const eth1 = { ...tunnel('eth1'), kind: 'existing', ospf: ospf({ type }) } as const;
  return judge(facts({ ospf: { up: true, neighbors } }), model({ tunnels: [], interfaces: [eth1] }));
};

test('2-Way between two routers that are not designated is complete', () => {
  for (const type of ['broadcast', 'nbma'] as const)
    expect(twoWay('Other', type).adjacencies[0]).toMatchObject({ expectedFull: false, reason: undefined });
});

test.each([
  ['with a designated router', 'DR', 'broadcast'],
  ['with a backup of the designated router', 'BDR', 'nbma'],
  ['on a link that has no designated router', 'Other', 'ptmp'],
] as const)('2-Way %s is not complete', (_name, role, type) => {
  expect(twoWay(role, type).adjacencies[0]).toMatchObject({
    expectedFull: true,
    reason: 'eth1 waits for the designated router',
  });
});

test('an absent local interface has its reason, and a stub needs no neighbour', () => {
  const eth1 = { ...tunnel('eth1'), kind: 'existing', ospf: ospf({ stub: true }) } as const;
  const status = judge(facts({ ospf: silent }), model({ tunnels: [], interfaces: [eth1] }));
  expect(status.interfaces[0]?.reason).toBe('it is not plugged in or has another name');
  expect(status.adjacencies).toEqual([]);
});

test('in sync is the judgement of the plan', () => {
  expect(judge(facts({ plan: plan({ operations: [addLink] }) }))).toMatchObject({ inSync: false, pending: 1 });
  expect(judge(facts({ plan: plan({ foreign: notices.foreign }) }))).toMatchObject({ inSync: false, pending: 0 });
  expect(judge(facts({ plan: undefined }))).toMatchObject({ inSync: undefined, pending: undefined });
});

test('without a model the marks on the host show our objects', () => {
  const wanted = wantedByMarks(facts({ links: [link('wg222'), link('wg9', { alias: '' })] }));
  expect(wanted.tunnels.map((t) => `${t.name} ${t.addresses.join(' ')} ${t.endpoint ?? ''}`)).toEqual([
    'wg222 10.70.89.0/31 192.0.2.1:51825',
  ]);
  expect(wanted.table).toEqual({ name: '2', id: 2 });
  expect(assess(wanted, facts()).tunnels[0]?.ospf).toEqual({ cost: undefined, state: 'Full' });
});

test('OSPFv2 and OSPFv3 on one tunnel are judged separately', () => {
  const { bird } = model();
  const instances = bird.instances.map((instance) => ({ ...instance, ipv6: true }));
  const both = { ...one(), bird: { ...bird, instances } };
  const v3 = neighbor({ address: 'fe80::2' });
  const half = judge(facts(), both);
  expect(half.tunnels[0]?.ospf?.state).toBe('none');
  expect(half.adjacencies.map(({ address, state }) => `${address ?? '-'} ${state}`)).toEqual([
    '10.70.89.1 Full',
    '- none',
  ]);
  expect(half.adjacencies[1]?.reason).toContain('speaks OSPFv3');
  const complete = judge(facts({ ospf: { up: true, neighbors: [neighbor(), v3] } }), both);
  expect(complete.tunnels[0]?.ospf?.state).toBe('Full');
  expect(isHealthy(complete)).toBe(true);
  const silent = one(tunnel('wg222', {}, { addresses: [] }));
  const only = judge(facts({ ospf: { up: true, neighbors: [v3] } }), { ...silent, bird: { ...bird, instances } });
  expect([only.adjacencies.length, isHealthy(only)]).toEqual([1, true]);
});
