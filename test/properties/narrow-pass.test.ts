// A pass that looks only at what was reported plans the same as one that looks at everything.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeWholePlan, reconcile } from '../../src/engine/reconcile.ts';
import type { HostReader } from '../../src/host/reader.ts';
import { takeSnapshot } from '../../src/host/snapshot.ts';
import type { Rtnetlink } from '../../src/host/types.ts';
import { leakConditions } from '../../src/leak-check/leak-conditions.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { resources } from '../../src/resources/index.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { readState } from '../fakes/read-state.ts';
import { foreignLines } from './foreign-lines.ts';
import { hostLines, stateObjects, toYaml } from './state-files.ts';
import { toldHost, type ToldHost } from '../daemon/monitor/told-host.ts';

interface Router extends ToldHost {
  model: RouterModel;
}

interface Step {
  readonly name: string;
  /** nobody reports it: only a look that asks anew can see it */
  readonly untold?: true;
  readonly run: (router: Router) => Promise<unknown>;
}

const EMPTY = 'version: 1\nrouter: {node: 1}\nmesh: {table: main, prefixes: [10.69.0.0/16]}\ntunnels: {}\n';

const nth = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)];

/** The agent's own namespace, or the mesh's where it has one. */
async function somewhere(host: FakeHost, n: number): Promise<{ readonly rtnl: Rtnetlink }> {
  const inside = n % 2 === 0 ? undefined : [...host.state.namespaces.keys()][0];
  return inside === undefined ? host : ((await host.netns.enter(inside)) ?? host);
}

/** Somebody else's hand on one of the objects that are there, ours or not. */
const damages: Readonly<Record<string, (rtnl: Rtnetlink, n: number) => Promise<unknown>>> = {
  async 'delete address'(rtnl, n) {
    const one = nth(await rtnl.addresses(), n);
    return one && rtnl.deleteAddress(one);
  },
  async 'delete rule'(rtnl, n) {
    const one = nth(await rtnl.rules(), n);
    return one && rtnl.deleteRule(one);
  },
  async 'delete route'(rtnl, n) {
    const one = nth(await rtnl.routes(), n);
    return one && rtnl.deleteRoute(one);
  },
  async 'delete link'(rtnl, n) {
    const one = nth(await rtnl.links(), n);
    return one && one.name !== 'lo' ? rtnl.deleteLink(one.name) : undefined;
  },
  async 'down link'(rtnl, n) {
    const one = nth(
      (await rtnl.links()).filter(({ up, name }) => up && name !== 'lo'),
      n,
    );
    return one && rtnl.setLink(one.name, { up: false });
  },
  async 'change link'(rtnl, n) {
    const one = nth(await rtnl.links(), n);
    const change = nth([{ up: true }, { mtu: 1300 }, { alias: 'other' }], n >> 4);
    return one && change && rtnl.setLink(one.name, change);
  },
  async 'move address'(rtnl, n) {
    const one = nth(await rtnl.addresses(), n);
    const to = nth(await rtnl.links(), n >> 4);
    return one && to && rtnl.addAddress({ ...one, dev: to.name, protocol: n % 3 === 0 ? 87 : 0 });
  },
  async 'copy route'(rtnl, n) {
    const one = nth(await rtnl.routes(), n);
    return (
      one && rtnl.addRoute({ ...one, table: n % 2 === 0 ? 2 : 254, metric: n % 7, protocol: n % 3 === 0 ? 12 : 4 })
    );
  },
};

const hand: fc.Arbitrary<Step> = fc
  .tuple(fc.constantFrom(...Object.keys(damages)), fc.nat(999), fc.nat(1))
  .map(([name, n, place]) => ({
    name: `${name} ${n} ${place}`,
    run: (router) => router.tell(async (host) => damages[name]?.((await somewhere(host, place)).rtnl, n)),
  }));

const typed: fc.Arbitrary<Step> = foreignLines.map((lines) => ({
  name: lines.join('; '),
  async run(router) {
    for (const line of lines)
      await router.tell((host) => {
        host.run(line);
      });
  },
}));

const setting: fc.Arbitrary<Step> = fc.nat(999).map((n) => ({
  name: `setting ${n}`,
  run: (router) =>
    router.tell((host) => {
      const names = [...host.state.sysctls.keys()].filter((name) => /forwarding$|rp_filter$|ip_forward$/.test(name));
      const name = nth(names, n);
      return name === undefined ? undefined : host.sysctl.write(name, String(n % 2));
    }),
}));

const untold: fc.Arbitrary<Step> = fc
  .tuple(
    fc.constantFrom(
      'systemctl stop bird',
      'wg set wg1 listen-port 9',
      'sysctl -w net.ipv4.conf.all.rp_filter=1',
      'rm /etc/bird/bird.conf',
    ),
  )
  .map(([line]) => ({
    name: line,
    untold: true,
    run: (router) =>
      router.tell((host) => {
        host.run(line);
      }),
  }));

const repair: Step = { name: 'repair', run: (router) => pass(router, false) };
const edits: fc.Arbitrary<Step> = fc
  .record({ state: stateObjects, isolation: fc.constantFrom('table', 'vrf', 'netns') })
  .map(({ state, isolation }) => ({
    name: `edit ${isolation} ${toYaml(state)}`,
    run(router) {
      router.model = modelOf(router.host, state, isolation);
      return pass(router, true);
    },
  }));

function modelOf(host: FakeHost, state: unknown, isolation: string): RouterModel {
  const { mesh, ...rest } = state as { mesh: { table: unknown } };
  const apart = typeof mesh.table === 'string' ? {} : { isolation };
  return readState(toYaml({ ...rest, mesh: { ...mesh, ...apart } }), host.env);
}

const pass = (router: Router, anew: boolean): Promise<void> =>
  router.tell(() =>
    reconcile(router.kept.host, resources, router.model, {
      ...{ adopt: false, snapshot: router.kept.look(anew), inspect: leakConditions },
    }),
  );

async function found(snapshot: HostReader, model: RouterModel): Promise<unknown> {
  try {
    const plan = await makeWholePlan(snapshot, resources, model, { adopt: false, inspect: leakConditions });
    const operations = plan.operations.map(({ command, stage, payload }) => ({ command, stage, payload }));
    return { ...plan, operations };
  } catch (error) {
    return String(error);
  }
}

const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: hand },
    { weight: 2, arbitrary: typed },
    { weight: 1, arbitrary: setting },
    { weight: 1, arbitrary: untold },
    { weight: 2, arbitrary: fc.constant(repair) },
    { weight: 2, arbitrary: edits },
  ),
  { minLength: 4, maxLength: 12 },
);

it('a narrow pass plans the same as a full one', { timeout: 240_000 }, () =>
  fc.assert(
    fc.asyncProperty(fc.boolean(), edits, steps, async (ipv6, first, more) => {
      const host = createFakeHost({ ipv6 });
      host.run(hostLines);
      const listened = toldHost(host);
      const router: Router = { ...listened, model: readState(EMPTY, host.env) };
      for (const step of [first, ...more]) {
        await step.run(router);
        const narrow = await found(router.kept.look(step.untold === true), router.model);
        expect(narrow, step.name).toEqual(await found(takeSnapshot(host), router.model));
      }
    }),
    { numRuns: 12, endOnFailure: true },
  ),
);
