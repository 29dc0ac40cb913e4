// A plan that also reports what a pass reports at its end: the paths that cross, for the state in force.
import { beforeEach, expect, test } from 'vitest';
import { isInSync } from '../../src/engine/in-sync.ts';
import { makePlan, makeWholePlan, reconcile } from '../../src/engine/reconcile.ts';
import type { Condition, Plan, Report } from '../../src/engine/types.ts';
import { leakConditions } from '../../src/leak-check/leak-conditions.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { resources } from '../../src/resources/index.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { readState } from '../fakes/read-state.ts';
import { boot, state } from '../leak-check/one-tunnel.ts';

let host: FakeHost;
let model: RouterModel;

beforeEach(async () => {
  host = createFakeHost();
  host.run(boot);
  model = readState(state, host.env);
  expect((await reconcile(host, resources, model, { adopt: false })).remaining).toEqual([]);
  host.run('ip rule add iif wg222 lookup main priority 5');
});

const completePlan = (wanted: RouterModel, standing?: RouterModel): Promise<Plan> =>
  makeWholePlan(host, resources, wanted, { adopt: false, standing, inspect: leakConditions });
const pass = (): Promise<Report> => reconcile(host, resources, model, { adopt: false, inspect: leakConditions });
const codes = (conditions: readonly Condition[]): string[] => conditions.map(({ code }) => code);

test('a path that crosses is reported by plan and by a pass, and both call the router out of sync', async () => {
  const plan = await completePlan(model);
  const report = await pass();
  expect(plan.operations).toEqual([]);
  expect(codes(plan.conditions)).toContain('leak-path');
  expect(plan.conditions).toEqual(report.conditions);
  expect([isInSync(plan), report.inSync]).toEqual([false, false]);
  expect(codes((await makePlan(host, resources, model, { adopt: false })).conditions)).not.toContain('leak-path');
});

test('a held-back state is not checked for paths, and the state in force is', async () => {
  host.run('ip link add br9 type veth\nip link set br9 up\nip address add 10.71.5.1/24 dev br9');
  const wanted = readState(state.replace('10.70.0.0/16]', '10.70.0.0/16, 10.71.0.0/16]'), host.env);
  const plan = await completePlan(wanted, model);
  expect(plan.heldBy).toBe('underlay-inside-mesh');
  expect(codes(plan.conditions)).toContain('leak-path');
  expect(codes((await completePlan(wanted)).conditions)).not.toContain('leak-path');
});
