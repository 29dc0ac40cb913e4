import { beforeEach, expect, test } from 'vitest';
import { conditionEvents, createPass } from '../../src/daemon/pass.ts';
import type { DaemonEvent, Trigger } from '../../src/daemon/types.ts';
import type { Report } from '../../src/engine/types.ts';
import { keepSnapshot } from '../../src/host/kept-snapshot.ts';
import { resources } from '../../src/resources/index.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { readState } from '../fakes/read-state.ts';
import { condition } from './reports.ts';
import { unchanged } from './unchanged.ts';

const state =
  'version: 1\nrouter: {node: 111}\nmesh:\n  table: {name: m, id: 2}\n  prefixes: [10.70.0.0/16]\ntunnels: {}\n';

let host: FakeHost;
let model: RouterModel | undefined;
let events: DaemonEvent[];
let reported: string[];
let pass: ReturnType<typeof createPass>;

const run = (repair: boolean, reason: Trigger['reason'] = 'file'): Promise<Report | undefined> =>
  pass({ triggers: [{ reason, at: 0 }], repair, progress: () => reported.push('progress') });

beforeEach(() => {
  host = createFakeHost();
  model = readState(state, host.env);
  [events, reported] = [[], []];
  pass = createPass({
    ...{ kept: keepSnapshot(host), resources, model: () => model },
    emit: (event) => events.push(event),
    started: () => reported.push('started'),
    result: () => undefined,
    finished: (report) => reported.push(report === undefined ? 'failed' : 'finished'),
    applied: () => Promise.resolve(void reported.push('applied')),
    ...unchanged,
    look: () => reported.push('look'),
  });
});

test('a repairing pass applies and is reported', async () => {
  const report = await run(true);
  expect(report?.inSync).toBe(true);
  expect(host.writes()).toBeGreaterThan(5);
  expect([reported[0], reported[1], ...reported.slice(-2)]).toEqual(['started', 'progress', 'finished', 'applied']);
});

test('a BIRD that is down is reported after it had time to start', async () => {
  let now = 0;
  const parts = { resources, model: () => model, started: () => undefined, result: () => undefined };
  const late = createPass({
    ...{ ...parts, kept: keepSnapshot({ ...host, now: () => now, ticks: () => now }) },
    emit: (event) => events.push(event),
    ...{ finished: () => undefined, applied: () => Promise.resolve(), look: () => undefined, ...unchanged },
  });
  host.run('systemctl stop bird');
  const options = { triggers: [{ reason: 'start', at: 0 }], repair: true, progress: () => undefined } as const;
  const first = await late(options);
  expect(first?.conditions).toMatchObject([{ code: 'bird-down' }]);
  expect(events).toEqual([]);
  now = 60_000;
  await late(options);
  expect(events).toMatchObject([{ type: 'condition', raised: true, condition: { code: 'bird-down' } }]);
});

test('a held pass changes nothing and reports what it would do', async () => {
  const report = await run(false);
  expect(host.writes()).toBe(0);
  expect(report).toMatchObject({ inSync: false, results: [] });
  expect(report?.remaining.length).toBeGreaterThan(5);
  expect(reported).toEqual(['started', 'finished']);
});

test('a partly failed file is kept as good, and a completely failed file is not', async () => {
  host.failNext('rtnl.addRule', 'EBUSY');
  await run(true);
  expect(reported).toContain('applied');

  await run(true);
  reported = [];
  host.run('ip rule del priority 1100 protocol 87');
  host.failNext('rtnl.addRule', 'EBUSY');
  await run(true);
  expect(reported).not.toContain('applied');
});

test('a file is good although BIRD is down', async () => {
  await run(true);
  host.state.bird.running = false;
  reported = [];
  const report = await run(true);
  expect(report?.inSync).toBe(false);
  expect(reported).toContain('applied');
  expect(events).toMatchObject([{ type: 'condition', raised: true, condition: { code: 'bird-down' } }]);
  host.state.bird.running = true;
  await run(true);
  expect(events[1]).toMatchObject({ type: 'condition', raised: false, condition: { code: 'bird-down' } });
});

test('a networkd that will delete our rules is reported once in the journal, and in every report', async () => {
  const running = '/sys/fs/cgroup/system.slice/systemd-networkd.service/cgroup.procs';
  await host.files.write(running, '412\n');
  const reports = [await run(true), await run(true)];
  for (const report of reports) {
    expect(report?.conditions.map(({ code }) => code)).toEqual(['networkd-deletes-rules', 'networkd-deletes-routes']);
    expect(report?.inSync).toBe(true);
  }
  expect(events).toMatchObject([
    { type: 'condition', raised: true, condition: { code: 'networkd-deletes-rules' } },
    { type: 'condition', raised: true, condition: { code: 'networkd-deletes-routes' } },
  ]);
  await host.files.write(
    '/etc/systemd/networkd.conf',
    `[Network]\nManageForeignRoutingPolicyRules=no\nManageForeignRoutes=no\n`,
  );
  await run(true);
  expect(events.slice(2)).toMatchObject([{ raised: false }, { raised: false }]);
});

test('a host that cannot be read fails the pass, and its waiters get the error', async () => {
  host.failNext('rtnl.rules', 'ENOBUFS');
  await expect(run(true)).rejects.toMatchObject({ code: 'ENOBUFS' });
  expect(reported).toEqual(['started', 'failed']);
});

test('without a model a pass does nothing, and every ten minutes it also looks at the file', async () => {
  model = undefined;
  expect(await run(true, 'timer')).toBeUndefined();
  expect(reported).toEqual(['look']);
});

test('a condition is reported when it begins and when it ends, by code and subject', () => {
  const [a, b] = [condition('x', 'wg1'), condition('x', 'wg2')];
  expect(conditionEvents([a], [{ ...a, message: 'in other words' }, b])).toEqual([
    { type: 'condition', condition: b, raised: true },
  ]);
  expect(conditionEvents([a, b], [b])).toEqual([{ type: 'condition', condition: a, raised: false }]);
});

test('a new state that opens a path is undone and withdrawn, and reported until it is accepted again', async () => {
  const tunnels = `tunnels: {wg333: {address: 10.70.89.2/31, listenPort: 51826, peer: {publicKey: ${'B'.repeat(42)}A=}}}`;
  const wanted = readState(state.replace('tunnels: {}', tunnels), host.env);
  host.run(`
ip link set lo up
ip link add eth0 type veth
ip link set eth0 up
ip address add 198.51.100.1/24 dev eth0
ip route add default via 198.51.100.254
ip rule add iif wg333 lookup main priority 5`);
  let inForce: RouterModel | undefined = wanted;
  let withdrawn = false;
  const closed = createPass({
    ...{ kept: keepSnapshot(host), resources, model: () => inForce },
    emit: (event) => events.push(event),
    ...{ started: () => undefined, result: () => undefined, finished: () => undefined, look: () => undefined },
    applied: (complete) => Promise.resolve(void reported.push(`applied ${complete}`)),
    earlier: () => (inForce === model ? undefined : { model }),
    ...{ standing: () => model, guards: unchanged.guards, planned: unchanged.planned },
    withdraw: () => Promise.resolve(void ([inForce, withdrawn] = [model, true])),
    reconsider: () => Promise.resolve(withdrawn),
  });
  const again = (): Promise<Report | undefined> =>
    closed({ triggers: [{ reason: 'file', at: 0 }], repair: true, progress: () => undefined });

  inForce = model;
  await again();
  expect(reported).toEqual(['applied true']);
  inForce = wanted;
  const found = [await again(), await again()];
  expect(inForce).toBe(model);
  expect(reported).toEqual(['applied true', 'applied true']); // of the earlier model, in the next pass
  for (const report of found) {
    expect(report?.inSync).toBe(false);
    expect(report?.conditions).toMatchObject([{ code: 'apply-undone', subject: 'wg333' }]);
  }
  expect(events).toMatchObject([{ type: 'condition', raised: true, condition: { code: 'apply-undone' } }]);

  withdrawn = false; // the file has changed
  expect((await again())?.inSync).toBe(true);
  expect(events.at(-1)).toMatchObject({ type: 'condition', raised: false, condition: { code: 'apply-undone' } });
});

test('a state that a veto holds back leaves the earlier state in force and repaired, and does not count as applied', async () => {
  await run(true);
  const before = model;
  const standing = createPass({
    ...{ kept: keepSnapshot(host), resources, model: () => model, ...unchanged },
    emit: (event: DaemonEvent) => events.push(event),
    ...{ started: () => undefined, result: () => undefined, finished: () => undefined, look: () => undefined },
    planned: () => undefined,
    applied: () => Promise.resolve(void reported.push('applied')),
    earlier: () => ({ model: before }),
    standing: () => before,
  });
  const again = (): Promise<Report | undefined> =>
    standing({ triggers: [{ reason: 'file', at: 0 }], repair: true, progress: () => undefined });
  model = readState(state.replace('10.70.0.0/16', '10.70.0.0/16, 10.69.0.0/16'), host.env);
  host.run('ip link add br9 type veth\nip address add 10.69.200.1/24 dev br9');
  reported = [];
  const guard = 'priority 1098 to 10.70.0.0/16 unreachable protocol 87';
  host.run(`ip rule del ${guard}`);
  const report = await again();
  expect(report).toMatchObject({ heldBy: 'underlay-inside-mesh', remaining: [], inSync: false });
  expect(report?.results.map(({ operation }) => operation.command)).toEqual([`ip rule add ${guard}`]);
  expect(reported).toEqual([]);
  host.run('ip address del 10.69.200.1/24 dev br9');
  expect((await again())?.inSync).toBe(true);
  expect(reported).toEqual(['applied']);
});
