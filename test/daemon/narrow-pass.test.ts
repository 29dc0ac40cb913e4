// The questions of a daemon's pass to the host: what was reported, and no more.
import { expect, test } from 'vitest';
import { createPass } from '../../src/daemon/pass.ts';
import type { Trigger } from '../../src/daemon/types.ts';
import type { Report } from '../../src/engine/types.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { resources } from '../../src/resources/index.ts';
import { readState } from '../fakes/read-state.ts';
import { convergedRouter, STATE } from './monitor/sample.ts';
import { toldHost } from './monitor/told-host.ts';
import { unchanged } from './unchanged.ts';

async function narrowRouter() {
  const sample = await convergedRouter();
  const { host, kept, tell } = toldHost(sample.host);
  let { model } = sample;
  let earlier: RouterModel | undefined;
  const pass = createPass({
    ...{ ...unchanged, kept, resources, model: () => model, emit: () => undefined, started: () => undefined },
    ...{ result: () => undefined, finished: () => undefined, look: () => undefined },
    applied: () => Promise.resolve(void (earlier = undefined)),
    earlier: () => earlier && { model: earlier },
    standing: () => model,
  });
  /** the names of the questions, and how often each was asked */
  const run = async (trigger: Trigger): Promise<{ report: Report | undefined; asked: Record<string, number> }> => {
    const from = host.calls.length;
    const report = await pass({ triggers: [trigger], repair: true, progress: () => undefined });
    const names = host.calls
      .slice(from)
      .filter(({ write }) => !write)
      .map(({ name }) => name);
    const counts = [...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length] as const);
    return { report, asked: Object.fromEntries(counts.toSorted()) };
  };
  await run({ reason: 'timer', at: 0 });
  return {
    ...{ host, kept, tell, run },
    edit: (text: string): void => {
      earlier = model;
      model = readState(text, host.env);
    },
  };
}

const done = (report: Report | undefined): string[] =>
  report?.results.map(({ operation, outcome }) => `${operation.command}: ${outcome.status}`) ?? [];

const drift = (ref: `${string}:${string}`): Trigger => ({
  reason: 'drift',
  at: 0,
  drift: { ref, undone: 'deleted', at: 0 },
});

test('a pass that nothing was told before asks for nothing', async () => {
  const { run } = await narrowRouter();
  expect((await run({ reason: 'drift', at: 0 })).asked).toEqual({});
});

test('a repair of one deleted address asks for what comes and goes with addresses, before it and after', async () => {
  const { tell, run } = await narrowRouter();
  await tell((host) => {
    host.run('ip address del 10.70.89.0/31 dev wg222');
  });
  const { report, asked } = await run(drift('address:wg222 10.70.89.0/31'));
  expect(done(report)).toContain('ip address add 10.70.89.0/31 dev wg222: done');
  expect(report?.inSync).toBe(true);
  // the paths are asked for once, with the devices' endpoints; addresses and notes show that a link is blank
  expect(asked).toEqual({ 'rtnl.addresses': 2, 'rtnl.routes': 6, 'rtnl.lookUp': 1, 'wg.devices': 1, 'notes.all': 2 });
});

test('a repair of one deleted rule asks for rules', async () => {
  const { tell, run } = await narrowRouter();
  await tell((host) => {
    host.run('ip rule del priority 1031 iif wg222 lookup 2 protocol 87');
  });
  const { report, asked } = await run(drift('rule:inet priority 1031 iif wg222 lookup 2 protocol 87'));
  expect(done(report)).toHaveLength(1);
  expect(asked).toEqual({ 'rtnl.rules': 2, 'rtnl.lookUp': 1, 'wg.devices': 1 });
});

test('an edit of one cost asks nothing of rtnetlink', async () => {
  const { edit, run } = await narrowRouter();
  edit(STATE.replace('cost: 15', 'cost: 16'));
  const { report, asked } = await run({ reason: 'file', at: 0 });
  // the file, and BIRD that takes it
  expect(done(report)).toHaveLength(2);
  expect(report?.inSync).toBe(true);
  expect(Object.keys(asked).filter((name) => name.startsWith('rtnl.'))).toEqual([]);
});

test.each(['timer', 'overflow', 'retry', 'reload', 'resume'] as const)(
  'a pass by %s asks for everything',
  async (reason) => {
    const { host, run } = await narrowRouter();
    // nobody reported it
    host.run('ip rule del priority 1031 iif wg222 lookup 2 protocol 87');
    expect(done((await run({ reason: 'drift', at: 0 })).report)).toEqual([]);
    expect(done((await run({ reason, at: 0 })).report)).toHaveLength(1);
  },
);

test('a drift of a kind that nobody reports makes the pass look at everything that nobody reports', async () => {
  const { host, run } = await narrowRouter();
  host.run('wg set wg222 listen-port 9');
  host.state.files.delete('/etc/iproute2/rt_tables.d/wgospf.conf');
  expect(done((await run(drift('address:wg222 10.70.89.0/31'))).report)).toEqual([]);
  expect(done((await run(drift('wireguard:wg222'))).report)).toHaveLength(2);
});

test('where nobody listens, a pass asks for everything that somebody would tell of', async () => {
  const { host, kept, run } = await narrowRouter();
  host.run('ip rule del priority 1031 iif wg222 lookup 2 protocol 87');
  kept.hears(false, '');
  expect(done((await run({ reason: 'drift', at: 0 })).report)).toHaveLength(1);
});

test('after an operation that failed, everything is asked for', async () => {
  const { host, tell, run } = await narrowRouter();
  await tell(() => {
    host.run('ip rule del priority 1031 iif wg222 lookup 2 protocol 87');
  });
  host.run('ip address del 10.70.89.0/31 dev wg222');
  host.failNext('rtnl.addRule', 'EBUSY');
  await run({ reason: 'drift', at: 0 });
  const { report } = await run({ reason: 'drift', at: 0 });
  expect(done(report)).toContain('ip address add 10.70.89.0/31 dev wg222: done');
});
