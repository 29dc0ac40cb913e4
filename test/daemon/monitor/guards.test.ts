// Guards in a fight: restored at once within a share of the CPU; if one cannot be kept, the links that it guards go down.
import { expect, test } from 'vitest';
import { createContests } from '../../../src/daemon/monitor/contests.ts';
import { createGuardKeeper, type Guard } from '../../../src/daemon/monitor/guard-keeper.ts';
import { createGuards } from '../../../src/daemon/monitor/guards.ts';
import { guardOf } from '../../../src/daemon/monitor/relevance.ts';
import type { Trigger } from '../../../src/daemon/types.ts';
import type { ObjectRef } from '../../../src/engine/types.ts';
import type { RouterModel } from '../../../src/model/types.ts';
import { rule } from '../../../src/resources/rule/index.ts';
import type { FakeHost } from '../../fakes/fake-host.ts';
import { createManualClock } from './manual-clock.ts';
import { convergedRouter } from './sample.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const guardsOf = (model: RouterModel, iif: string): Guard[] =>
  rule.desired(model).flatMap((one) => (one.spec.iif === iif ? (guardOf(rule, one) ?? []) : []));

const guardOfInterface = (model: RouterModel, iif: string): Guard =>
  guardsOf(model, iif)[0] ?? expect.fail(`no guard of ${iif}`);

const isThere = async (host: FakeHost): Promise<boolean> =>
  (await host.rtnl.rules()).some(({ family, priority, iif }) => family === 4 && priority === 1099 && iif === 'wg222');

const REF: ObjectRef = 'rule:guard';

test('an object that was undone ten times in two seconds cannot be kept, and the quiet time doubles', () => {
  const contests = createContests();
  const storm = (from: number): boolean[] => Array.from({ length: 10 }, (_, n) => contests.note(REF, from + 100 * n));
  expect(storm(0).lastIndexOf(true)).toBe(9);
  expect(contests.endsAt()).toBe(10_900);
  expect(contests.contested(10_899)).toEqual([REF]);
  expect(contests.contested(10_900)).toEqual([]);
  storm(20_000);
  expect(contests.endsAt()).toBe(20_900 + 20_000);
});

test('a guard that is undone now and then is not contested, however long this lasts', () => {
  const contests = createContests();
  expect(Array.from({ length: 100 }, (_, n) => contests.note(REF, 300 * n)).some(Boolean)).toBe(false);
});

test('a guard is put back at once, and the next repair waits only to limit the CPU time', async () => {
  const { host, model } = await convergedRouter();
  const clock = createManualClock();
  let cpu = 0;
  const keeper = createGuardKeeper({ host, clock, failed: () => expect.fail('failed'), spent: () => (cpu += 1) });
  const guard = guardOfInterface(model, 'wg222');
  const del = `ip rule del priority 1099 iif wg222 unreachable protocol 87`;
  host.run(del);
  keeper.restore(guard);
  await settled();
  expect(await isThere(host)).toBe(true);
  host.run(del);
  keeper.restore(guard);
  await settled();
  expect(await isThere(host)).toBe(false);
  clock.advance(3); // one millisecond of CPU, of which a quarter may be ours
  await settled();
  expect(await isThere(host)).toBe(true);
  expect(keeper.take()).toMatchObject([{ outcome: { status: 'done' } }]);
  expect(keeper.take()).toEqual([]);
});

test('a guard that cannot be put back is left to a pass', async () => {
  const { host, model } = await convergedRouter();
  let failed = 0;
  const keeper = createGuardKeeper({ host, clock: createManualClock(), failed: () => (failed += 1) });
  host.failNext('rtnl.addRule', 'ENOMEM');
  keeper.restore(guardOfInterface(model, 'wg222'));
  await settled();
  expect(failed).toBe(1);
});

async function contested(iif: string, prepare: (host: FakeHost) => Promise<void> | void = () => undefined) {
  const { host, model } = await convergedRouter();
  await prepare(host);
  const clock = createManualClock();
  const triggers: Trigger[] = [];
  const guards = createGuards({ host, clock, model: () => model, trigger: (one) => triggers.push(one) });
  const guard = guardOfInterface(model, iif);
  for (let n = 0; n < 10; n++) guards.undone(REF, guard, clock.now());
  await expect.poll(() => guards.conditions()).toHaveLength(1);
  await settled();
  return { host, model, clock, triggers, guards };
}

test('the link of a guard that cannot be kept goes down, and comes up after a quiet time', async () => {
  const { host, clock, guards, triggers } = await contested('wg222');
  expect(guards.closed()).toEqual(['wg222']);
  expect(host.state.links.get('wg222')?.up).toBe(false);
  expect(guards.conditions()).toMatchObject([{ code: 'guard-contested', severity: 'error', subject: REF }]);
  expect(triggers.length).toBeGreaterThan(0);
  clock.advance(10_000);
  expect(guards.closed()).toEqual([]);
  expect(guards.conditions()).toEqual([]);
});

test('a guard of the whole mesh takes down every link except the one with a login', async () => {
  const { guards, host } = await contested('lo', async (fake) => {
    const end = (address: string, port: number): string =>
      `${Buffer.from(address.split('.').map(Number).reverse()).toString('hex').toUpperCase()}:${port.toString(16).toUpperCase().padStart(4, '0')}`;
    const line = (local: string, remote: string, state: string): string => `   0: ${local} ${remote} ${state} 0 0 0\n`;
    const text =
      'head\n' +
      line(end('0.0.0.0', 22), end('0.0.0.0', 0), '0A') +
      line(end('10.69.1.11', 22), end('10.69.1.50', 40_000), '01');
    await fake.files.write('/proc/net/tcp', text);
  });
  expect(guards.closed()).toContain('wg222');
  expect(guards.closed()).not.toContain('eth1');
  expect(host.state.links.get('eth1')?.up).toBe(true);
  expect(guards.conditions()[0]?.message).toContain('eth1 stays up, as somebody is logged in by it');
});
