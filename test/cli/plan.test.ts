// `wgospf plan`: its text, its exit codes, its JSON.
import { expect, test } from 'vitest';
import { formatPlan } from '../../src/cli/format/plan.ts';
import { run } from '../../src/cli/run.ts';
import { makeStyle } from '../../src/cli/style.ts';
import { daemonState } from '../daemon/daemon-samples.ts';
import { createFakeHost } from '../fakes/fake-host.ts';
import { fakeContext, noDaemon, type FakeContext } from './fake-context.ts';
import { addLink, model, notices, plan, removeRule, report, setPeer } from './samples.ts';

const plain = makeStyle(false);
const wrong = { code: 'leak-path', severity: 'error', subject: 'eth1', message: 'it leaves' } as const;
const pending = plan({ operations: [addLink, setPeer, removeRule], ...notices });

test('operations are below their stages, notes below the operations, and a summary is last', () => {
  expect(formatPlan(pending, model(), plain)).toBe(`link-create
  + ip link add dev wg222 group 87 type wireguard
wireguard-set
  ~ wg set wg222 peer AAAA= endpoint 192.0.2.1:51825  # re-handshake
rule-remove
  - ip rule del iif wg9 lookup nycmesh priority 1031 protocol 87
waiting
  + ip address add 10.69.12.134/16 dev eth1  # waits for link:eth1
foreign, left alone
  rule 1015: a rule of another inside our block; move it
  link wg5: another wg5 stands here; --adopt takes it over (in the way)
conditions
  warning no-guard mesh.table: table main has no guards

3 operations: 1 to add, 1 to change, 1 to remove; 1 tunnel untouched; 1 foreign object in the way; 1 waiting`);
});

test('a tunnel whose name is a prefix of another name is not counted', () => {
  expect(formatPlan(plan({ operations: [addLink] }), model(), plain)).toMatch(/; 1 tunnel untouched$/);
});

test('a note is added to the comment of a command that has one', () => {
  const rm = { ...setPeer, command: 'sysctl -w net.ipv4.ip_forward=0  # as it was before' };
  expect(formatPlan(plan({ operations: [rm] }), model({ tunnels: [] }), plain)).toContain(
    '~ sysctl -w net.ipv4.ip_forward=0  # as it was before, re-handshake\n',
  );
});

test('an empty plan is one line', () => {
  expect(formatPlan(plan(), model(), plain)).toBe('in sync: nothing to do');
});

test('on a terminal an addition is green, a change yellow, a removal red', () => {
  const text = formatPlan(pending, model(), makeStyle(true));
  expect(text).toContain('\u001b[32m+ ip link add dev wg222 group 87 type wireguard\u001b[39m');
  expect(text).toContain('\u001b[33m~ wg set');
  expect(text).toContain('\u001b[31m- ip rule del');
});

test.each([
  ['in sync', plan(), 0],
  ['changes pending', pending, 2],
  ['something only waits', plan({ waiting: notices.waiting }), 0],
  ['nothing can be done', plan({ foreign: notices.foreign }), 1],
  ['nothing to do, and something wrong', plan({ conditions: [wrong] }), 1],
  ['something wrong, and changes pending that may cure it', plan({ operations: [addLink], conditions: [wrong] }), 2],
  ['held back, with repairs of the state before', plan({ operations: [addLink], heldBy: 'underlay-inside-mesh' }), 1],
  ['held back, with nothing to repair', plan({ heldBy: 'underlay-inside-mesh' }), 1],
])('plan gives the exit code: %s', async (_name, made, code) => {
  const ctx = fakeContext({ makePlan: () => Promise.resolve(made) });
  expect(await run(['plan'], ctx)).toBe(code);
});

test('--adopt reaches the planner, and --state the loader', async () => {
  const seen: unknown[] = [];
  const ctx = fakeContext({
    load: (file) => (seen.push(file), Promise.resolve({ model: model(), diagnostics: [], text: '' })),
    makePlan: (_model, options) => (seen.push(options), Promise.resolve(plan())),
  });
  await run(['plan', '--adopt', '--state', '/srv/other.yaml'], ctx);
  expect(seen).toEqual(['/srv/other.yaml', { adopt: true }]);
});

test('--json contains no payload', async () => {
  const ctx = fakeContext({ makePlan: () => Promise.resolve(pending) });
  expect(await run(['plan', '--json'], ctx)).toBe(2);
  const json = JSON.parse(ctx.stdout()) as Record<string, unknown[]>;
  expect(ctx.stdout()).not.toContain('a private key');
  expect(Object.keys(json)).toEqual(['generation', 'inSync', 'operations', 'waiting', 'foreign', 'conditions']);
  expect(json['operations']?.[1]).toEqual({
    ...{ kind: 'wireguard', key: 'wg222', stage: 'wireguard-set', action: 'update', needs: ['link:wg222'] },
    ...{ command: 'wg set wg222 peer AAAA= endpoint 192.0.2.1:51825', impact: 're-handshake' },
  });
});

test.each([[[]], [[wrong]]])(
  'plan, status, apply and reload agree on a router with nothing to do: %j',
  async (conditions) => {
    const host = createFakeHost();
    host.bird.ask = () => Promise.resolve({ lines: [{ code: 0, text: '' }], code: 0 });
    const inSync = conditions.length === 0;
    const done = report({ conditions, inSync });
    const lastPass = { at: host.now() + 1_000, ms: 1, report: done };
    const ctx = (): FakeContext =>
      fakeContext({
        host: () => host,
        load: () => Promise.resolve({ model: model({ tunnels: [] }), diagnostics: [], text: '' }),
        makePlan: () => Promise.resolve(plan({ conditions })),
        reconcile: () => Promise.resolve(done),
        daemon: { ...noDaemon, reload: () => Promise.resolve({ daemon: daemonState({ lastPass }) }) },
      });
    for (const command of ['plan', 'status', 'apply', 'reload']) {
      const one = ctx();
      expect([command, await run([command], one)]).toEqual([command, inSync ? 0 : 1]);
      expect(/(^|not |, )in sync/m.exec(one.stdout())?.[1] === 'not ', command).toBe(!inSync);
    }
    for (const command of ['plan', 'status', 'apply']) {
      const one = ctx();
      await run([command, '--json'], one);
      expect(JSON.parse(one.stdout()), command).toMatchObject({ inSync });
    }
  },
);
