// Metrics as text: from facts, from a host, from the daemon's socket.
import { expect, test } from 'vitest';
import { run } from '../../../src/cli/run.ts';
import { createCounters } from '../../../src/daemon/metrics/counters.ts';
import { countLeaks, readMetrics } from '../../../src/daemon/metrics/read-metrics.ts';
import { renderMetrics } from '../../../src/daemon/metrics/render-metrics.ts';
import type { Path } from '../../../src/leak-check/types.ts';
import type { Status } from '../../../src/status/types.ts';
import { makePlan } from '../../../src/engine/reconcile.ts';
import { resources } from '../../../src/resources/index.ts';
import { fakeContext, noDaemon } from '../../cli/fake-context.ts';
import { createFakeHost } from '../../fakes/fake-host.ts';
import { readState } from '../../fakes/read-state.ts';
import { condition, done, report } from '../reports.ts';

const status: Status = {
  tunnels: [
    {
      ...{ name: 'wg222', peerKey: 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=', endpoint: '203.0.113.2:51825' },
      ...{ configuredEndpoint: undefined, addresses: ['10.70.89.0/31'], link: 'up', handshakeAge: 9, silentFor: 0 },
      ...{ latestHandshake: 1_767_225_591, allowedIPs: ['0.0.0.0/0', '::/0'], rxBytes: 4711, txBytes: 815 },
      ...{ state: 'up', ospf: undefined, reason: undefined },
    },
  ],
  adjacencies: [
    {
      ...{ interface: 'wg222', routerId: '10.69.2.22', address: '10.70.89.1', state: 'Full', role: 'PtP' },
      ...{ deadTimer: 31, expectedFull: true, reason: undefined },
    },
  ],
  ...{ interfaces: [], table: { name: 'nycmesh', id: 2 }, routes: [], birdProblem: undefined },
  ...{ pending: 0, inSync: true, conditions: [condition('endpoint-unresolved', 'wg222')] },
};

/** Only the samples. */
const samples = (text: string): string[] => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

test('all metrics are printed', async () => {
  const { listen, counters } = createCounters({ now: () => 1_767_225_600_500, ticks: () => 0 });
  listen({ type: 'pass', report: report({ results: [done('rule', '1010')] }), triggers: [], ms: 1 });
  listen({ type: 'pass', report: report({ inSync: false }), triggers: [], ms: 1 });
  listen({ type: 'pass-failed', code: 'EINTR', message: '', triggers: [], retryInMs: 1 });
  const drift = { ref: 'rule:1010', undone: 'deleted', at: 0 } as const;
  listen({ type: 'repaired', drift, goneMs: 1, operations: [] });
  listen({ type: 'overflow' });
  const text = await renderMetrics({
    ...{ version: '1.2.3', status, leaks: { asked: 43, crossing: { wg222: 0, eth1: 2 } } },
    daemon: { counters: counters(), state: { badState: ['line 1'] } },
  });
  expect(text).toContain('# TYPE wgospf_reconcile_total counter');
  expect(text).toContain('# TYPE wgospf_leak_paths gauge');
  const peer =
    'interface="wg222",public_key="xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=",allowed_ips="0.0.0.0/0,::/0",friendly_name="wg222"';
  expect(samples(text)).toEqual([
    'wgospf_build_info{version="1.2.3"} 1',
    'wgospf_in_sync 1',
    'wgospf_pending_operations 0',
    'wgospf_conditions{code="endpoint-unresolved",severity="warning"} 1',
    'wgospf_tunnel_state{tunnel="wg222",state="up"} 1',
    'wgospf_tunnel_state{tunnel="wg222",state="idle"} 0',
    'wgospf_tunnel_state{tunnel="wg222",state="down"} 0',
    'wgospf_ospf_neighbor_state{interface="wg222",address="10.70.89.1",router_id="10.69.2.22",state="Full"} 1',
    'wgospf_leak_paths{origin="wg222"} 0',
    'wgospf_leak_paths{origin="eth1"} 2',
    'wgospf_leak_check_paths 43',
    'wgospf_reconcile_total{result="in-sync"} 1',
    'wgospf_reconcile_total{result="not-in-sync"} 1',
    'wgospf_reconcile_total{result="failed"} 1',
    'wgospf_last_success_timestamp_seconds 1767225600.5',
    'wgospf_drift_repairs_total{kind="rule"} 1',
    'wgospf_config_valid 0',
    `wireguard_sent_bytes_total{${peer}} 815`,
    `wireguard_received_bytes_total{${peer}} 4711`,
    `wireguard_latest_handshake_seconds{${peer}} 1767225591`,
  ]);
});

test('unknown values are left out', async () => {
  const unknown = { ...status, tunnels: [], adjacencies: [], conditions: [], inSync: undefined, pending: undefined };
  const text = await renderMetrics({ version: '1', status: unknown, leaks: undefined, daemon: undefined });
  expect(samples(text)).toEqual(['wgospf_build_info{version="1"} 1']);
});

test('a leak is counted by its origin', () => {
  const path = (name: string, leak: string | undefined): Path => ({
    ...{ family: 4, origin: { name, side: 'mesh', iif: name }, destination: { name: 'internet', side: 'underlay' } },
    ...{ query: { to: '9.9.9.9', from: undefined, iif: name }, answer: { verdict: 'local' }, leak },
  });
  expect(countLeaks([path('wg1', 'out'), path('wg1', undefined), path('eth1', undefined)])).toEqual({
    ...{ asked: 3, crossing: { wg1: 1, eth1: 0 } },
  });
});

test('read from a host, a foreign rule changes the count, and a kernel that cannot be asked leaves the count out', async () => {
  const host = createFakeHost();
  // a kernel that does not forward answers no question about incoming packets (ip_route_input_slow, net/ipv4/route.c)
  host.run(`
sysctl -w net.ipv4.ip_forward=1
ip link set lo up
ip link add eth0 type veth
ip link set eth0 up
ip link add eth1 type veth
ip link set eth1 up
ip address add 10.69.1.11/24 dev eth1
ip address add 198.51.100.1/24 dev eth0
ip route add default via 198.51.100.254`);
  const text =
    'version: 1\nrouter: {node: 1}\nmesh: {table: {name: m, id: 2}, prefixes: [10.69.0.0/16]}\ninterfaces: {eth1: {address: 10.69.1.11/24}}\n';
  const model = readState(text, host.env);
  const read = (): Promise<string> => readMetrics(host, { version: '1', status, model, daemon: undefined });
  expect(await read()).toMatch(/wgospf_leak_paths\{origin="eth1"\} [1-9]/);
  host.failNext('rtnl.lookUp', 'ENOBUFS');
  expect(await read()).not.toContain('wgospf_leak');
});

test('wgospf metrics asks the daemon if one runs, otherwise the host', async () => {
  const daemon = { ...noDaemon, metrics: () => Promise.resolve('wgospf_in_sync 1\n') };
  const asked = fakeContext({ daemon, root: false });
  expect(await run(['metrics'], asked)).toBe(0);
  expect(asked.stdout()).toBe('wgospf_in_sync 1');

  const host = createFakeHost();
  const alone = fakeContext({
    host: () => host,
    makePlan: (model) => makePlan(host, resources, model, { adopt: false }),
  });
  expect(await run(['metrics'], alone)).toBe(0);
  expect(alone.stdout()).toMatch(/^wgospf_in_sync 0$/m);
  expect(alone.stdout()).not.toContain('wgospf_reconcile_total');

  const nobody = fakeContext({ root: false });
  expect(await run(['metrics'], nobody)).toBe(4);
});
