// The watch over the fake host: its events are the differences between listings, its passes are the engine's.
import { expect, it } from 'vitest';
import { createDriftWatch } from '../../../src/daemon/monitor/drift-watch.ts';
import type { DaemonEvent, Trigger } from '../../../src/daemon/types.ts';
import { makePlan, reconcile } from '../../../src/engine/reconcile.ts';
import type { Report } from '../../../src/engine/types.ts';
import type { KernelEvent, MonitorHandlers } from '../../../src/host/monitor-types.ts';
import { resources } from '../../../src/resources/index.ts';
import { eventsBetween, listing } from './fake-events.ts';
import { createManualClock } from './manual-clock.ts';
import { convergedRouter, type SampleOptions } from './sample.ts';

const nothing = { links: [], addresses: [], routes: [], rules: [], settings: [] };

async function watched(options: SampleOptions = {}) {
  const { host, model } = await convergedRouter(options);
  const clock = createManualClock();
  const triggers: Trigger[] = [];
  const events: DaemonEvent[] = [];
  let handlers: MonitorHandlers | undefined;
  let listens = 0;
  const watch = createDriftWatch({
    ...{ host, resources, clock },
    emit: (event) => events.push(event),
    trigger: (one) => triggers.push(one),
    monitor: (given) => {
      handlers = given;
      listens += 1;
      return { close: () => void (listens -= 1) };
    },
  });
  const monitor = (): MonitorHandlers => handlers ?? expect.fail('nobody listens');
  const tell = (events: readonly KernelEvent[]): void => monitor().onEvents(events);
  /** types lines as root, and the kernel reports it */
  const run = async (text: string): Promise<void> => {
    const before = await listing(host);
    host.run(text);
    tell(eventsBetween(before, await listing(host)));
  };
  /** a pass of 20 ms that hears of all its own changes, of the last ones only when it is over */
  const pass = async (): Promise<Report> => {
    watch.passStarted();
    const before = await listing(host);
    const report = await reconcile(host, resources, model, { adopt: false });
    const after = await listing(host);
    // in the middle of the pass none of our objects exist
    tell(eventsBetween(before, nothing));
    const late = eventsBetween(nothing, after);
    tell(late.slice(0, -3));
    clock.advance(20);
    watch.passFinished(report);
    tell(late.slice(-3));
    clock.advance(100);
    return report;
  };
  watch.setModel(model);
  await pass();
  return { host, model, clock, watch, monitor, run, pass, triggers, events, listeners: () => listens };
}

const refs = (triggers: readonly Trigger[]): string[] => triggers.map(({ reason, drift }) => drift?.ref ?? reason);

it('own changes start no pass', async () => {
  const { host, pass, triggers, run, watch } = await watched();
  watch.passStarted();
  await run('ip link del wg222\nip rule del priority 1098 to 10.69.0.0/16 unreachable protocol 87');
  expect(host.state.links.has('wg222')).toBe(false);
  await pass();
  expect(triggers).toEqual([]);
});

it('a rule that a pass withdraws because of a foreign link is not missed until that link is gone', async () => {
  const { run, pass, triggers, events } = await watched();
  await run('ip link del wg222\nip link add wg222 type veth');
  expect(refs(triggers)).toContain('link:wg222');
  await pass();
  triggers.length = 0;
  for (let n = 0; n < 6; n++) await pass(); // more often than a fight needs
  expect(triggers.filter(({ drift }) => drift !== undefined)).toEqual([]);
  expect(events.filter(({ type }) => type === 'fight')).toEqual([]);
  await run('ip link del wg222');
  expect(refs(triggers)).toContain('link:wg222');
  await pass();
  triggers.length = 0;
  await run('ip rule del priority 1031 iif wg222 lookup 2 protocol 87');
  expect(refs(triggers)).toEqual(['rule:inet priority 1031 iif wg222 lookup 2 protocol 87']);
});

it('a guard that a pass withdraws because of a foreign link is not put back', async () => {
  const { host, model, watch, run } = await watched();
  await run('ip link del wg222\nip link add wg222 type veth');
  watch.passStarted();
  watch.planned(await makePlan(host, resources, model, { adopt: false }));
  await run('ip rule del priority 1099 iif wg222 unreachable protocol 87');
  await new Promise((resolve) => setImmediate(resolve));
  expect(watch.guards.take()).toEqual([]);
});

it('an undone object is repaired by one pass, and reported once with the time it was missing', async () => {
  const { run, clock, pass, triggers, events } = await watched();
  await run('ip address del 10.70.89.0/31 dev wg222');
  expect(triggers).toMatchObject([
    { reason: 'drift', drift: { ref: 'address:wg222 10.70.89.0/31', undone: 'deleted' } },
  ]);
  clock.advance(7);
  await pass();
  await pass();
  const drift = triggers[0]?.drift;
  expect(events).toMatchObject([{ type: 'repaired', drift, goneMs: 27 }]);
  expect(
    events.flatMap((event) => (event.type === 'repaired' ? event.operations.map(({ command }) => command) : [])),
  ).toEqual(['ip address add 10.70.89.0/31 dev wg222']);
});

it('an undoing that is announced twice counts once', async () => {
  const { run, triggers } = await watched();
  await run('ip link set dev wg222 down');
  await run('ip link set dev wg222 mtu 1280');
  expect(refs(triggers)).toEqual(['link:wg222']);
});

it('an undoing during a pass is judged when the pass is over', async () => {
  const { host, model, watch, clock, run, triggers } = await watched();
  watch.passStarted();
  const report = await reconcile(host, resources, model, { adopt: false });
  await run('ip rule del priority 1099 iif wg222 unreachable protocol 87');
  expect(triggers).toEqual([]);
  watch.passFinished(report);
  clock.advance(100);
  expect(refs(triggers)).toEqual(['rule:inet priority 1099 iif wg222 unreachable protocol 87']);
});

it('an undoing that happens and is repaired during a pass is reported too', async () => {
  const { host, model, watch, run, clock, triggers, events } = await watched();
  watch.passStarted();
  await run('ip rule del priority 1031 iif wg222 lookup 2 protocol 87');
  clock.advance(3);
  watch.passFinished(await reconcile(host, resources, model, { adopt: false }));
  expect(events).toMatchObject([
    { type: 'repaired', goneMs: 3, drift: { ref: 'rule:inet priority 1031 iif wg222 lookup 2 protocol 87' } },
  ]);
  expect(triggers).toEqual([]);
});

it('a guard that is deleted during a pass is back before the pass is over, and is reported', async () => {
  const { watch, run, events } = await watched();
  watch.passStarted();
  await run('ip rule del priority 1099 iif wg222 unreachable protocol 87');
  const empty = { generation: 'g', remaining: [], waiting: [], foreign: [], conditions: [], inSync: true };
  await expect
    .poll(() => watch.guards.doneAt('rule:inet priority 1099 iif wg222 unreachable protocol 87'))
    .toBeDefined();
  watch.passFinished({ ...empty, results: watch.guards.take() });
  expect(events).toMatchObject([
    { type: 'repaired', goneMs: 0, drift: { ref: 'rule:inet priority 1099 iif wg222 unreachable protocol 87' } },
  ]);
});

it('before a pass has reached the model, a guard is not put back', async () => {
  const { host, model, watch, run } = await watched();
  watch.setModel({ ...model });
  await run('ip rule del priority 1099 iif wg222 unreachable protocol 87');
  await new Promise((resolve) => setImmediate(resolve));
  expect(watch.guards.take()).toEqual([]);
  expect((await host.rtnl.rules()).some((r) => r.family === 4 && r.priority === 1099 && r.iif === 'wg222')).toBe(false);
});

it('changes of the first pass for a model do not count as repairs', async () => {
  const { host, model, watch, run, events } = await watched();
  watch.setModel({ ...model });
  watch.passStarted();
  await run('ip rule del priority 1099 iif wg222 unreachable protocol 87');
  watch.passFinished(await reconcile(host, resources, model, { adopt: false }));
  expect(events).toEqual([]);
});

it('an undoing from before a pass is left to that pass', async () => {
  const { host, model, watch, run, clock, triggers, events } = await watched();
  const pass = async (): Promise<void> => {
    watch.passStarted();
    watch.passFinished(await reconcile(host, resources, model, { adopt: false }));
  };
  await pass();
  await run('ip rule del priority 1031 iif wg222 lookup 2 protocol 87'); // this one may still belong to that pass
  await pass();
  clock.advance(100);
  expect(triggers).toEqual([]);
  expect(events).toMatchObject([
    { type: 'repaired', drift: { ref: 'rule:inet priority 1031 iif wg222 lookup 2 protocol 87' } },
  ]);
});

it('an interface that appears is configured', async () => {
  const { run, pass, host, triggers } = await watched({ eth1: false });
  await run('ip link add eth9 type bridge');
  expect(triggers).toEqual([]);
  await run('ip link add eth1 type veth peer name port1');
  expect(refs(triggers)).toEqual(['drift']);
  await pass();
  const addresses = await host.rtnl.addresses();
  expect(addresses.filter(({ dev }) => dev === 'eth1').map(({ prefix }) => prefix.address)).toContain('10.69.1.11');
});

it('an object that is undone again and again is repaired with pauses, and other objects at once', async () => {
  const { run, clock, pass, triggers, events } = await watched();
  const undo = (): Promise<void> => run('ip address del 10.70.89.0/31 dev wg222');
  for (let n = 0; n < 4; n++) {
    await undo();
    await pass();
  }
  expect(triggers).toHaveLength(4);
  await undo();
  expect(triggers).toHaveLength(4);
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(events.filter(({ type }) => type === 'fight')).toEqual([
    { type: 'fight', ref: 'address:wg222 10.70.89.0/31', times: 5, culprit: undefined, pauseMs: 1000 },
  ]);
  await run('sysctl -w net.ipv4.ip_forward=0');
  expect(refs(triggers).slice(4)).toEqual(['sysctl:net.ipv4.ip_forward']);
  clock.advance(1_000);
  expect(refs(triggers).slice(5)).toEqual(['address:wg222 10.70.89.0/31']);
});

it('lost events start a full pass at once, and in a storm one every five seconds', async () => {
  const { monitor, clock, triggers, events } = await watched();
  for (let n = 0; n < 100; n++) {
    monitor().onOverflow();
    clock.advance(100);
  }
  expect(refs(triggers)).toEqual(['overflow', 'overflow', 'overflow']);
  clock.advance(60_000);
  expect(refs(triggers)).toEqual(['overflow', 'overflow', 'overflow']);
  expect(events.filter(({ type }) => type === 'overflow')).toHaveLength(2);
});

it('a monitor that ends is reported once per reason, and so is its return', async () => {
  const { monitor, events } = await watched();
  for (const reason of ['rtmon ended', 'rtmon ended', 'wgospf was upgraded']) monitor().onDown?.(reason);
  monitor().onOverflow();
  expect(events).toMatchObject([
    { type: 'condition', raised: true, condition: { code: 'monitor-down', severity: 'warning' } },
    { type: 'condition', raised: true, condition: { message: expect.stringContaining('upgraded') as string } },
    { type: 'condition', raised: false, condition: { code: 'monitor-down' } },
  ]);
});

it('a look finds changes that the kernel does not announce', async () => {
  const { host, clock, triggers } = await watched();
  host.run('wg set wg222 listen-port 51999');
  clock.advance(60_000);
  await expect.poll(() => refs(triggers)).toEqual(['wireguard:wg222']);
});

it('without a model no event matters', async () => {
  const { run, watch, triggers } = await watched();
  watch.setModel(undefined);
  await run('ip link del wg222');
  expect(triggers).toEqual([]);
});

it('after the end no event comes', async () => {
  const { watch, clock, host, triggers, listeners } = await watched();
  expect(listeners()).toBe(1);
  watch.close();
  host.run('wg set wg222 listen-port 51999');
  const looks = host.calls.length;
  clock.advance(600_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect([listeners(), host.calls.length - looks, triggers]).toEqual([0, 0, []]);
});
