// `wgospf apply` and `down`: results as they happen, remaining operations, exit codes, the lock.
import { expect, test } from 'vitest';
import { formatRest, formatResult, reportSummary } from '../../src/cli/format/report.ts';
import { run } from '../../src/cli/run.ts';
import { makeStyle } from '../../src/cli/style.ts';
import type { Result } from '../../src/engine/types.ts';
import { HostError } from '../../src/host/error.ts';
import { fakeContext } from './fake-context.ts';
import { addAddress, addLink, notices, removeRule, report, setPeer } from './samples.ts';

const plain = makeStyle(false);
const done: Result = { operation: removeRule, outcome: { status: 'done', ms: 4 } };
const failed: Result = {
  operation: addLink,
  outcome: {
    status: 'failed',
    code: 'EOPNOTSUPP',
    message: 'add link wg222: Operation not supported (EOPNOTSUPP)',
    ms: 1,
  },
};
const blocked: Result = { operation: setPeer, outcome: { status: 'blocked', by: 'link:wg222' } };
const broken = report({ results: [done, failed, blocked], remaining: [addLink, setPeer, addAddress], inSync: false });

test('a done operation shows how long it took', () => {
  expect(formatResult(done, plain)).toBe(`- ${removeRule.command}  # done in 4 ms`);
});

test('a failed operation shows the reason and the cure', () => {
  expect(formatResult(failed, plain)).toBe(`+ ip link add dev wg222 group 87 type wireguard  # failed
    add link wg222: Operation not supported (EOPNOTSUPP)
    wanted by /etc/wgospf/state.yaml:9:3 (tunnels.wg222)
    cure: load its kernel module (modprobe); if the kernel has no WireGuard: \`wireguard: {backend: userspace}\``);
});

test('a blocked operation shows what blocks it', () => {
  expect(formatResult(blocked, plain)).toBe(`~ ${setPeer.command}  # re-handshake, blocked by link:wg222`);
});

test('an operation that is left has its reason', () => {
  expect(formatRest({ ...broken, ...notices }, plain).join('\n')).toBe(`left to do
  + ip link add dev wg222 group 87 type wireguard  # failed: EOPNOTSUPP
  ~ wg set wg222 peer AAAA= endpoint 192.0.2.1:51825  # re-handshake, blocked by link:wg222
  + ip address add 10.69.12.134/16 dev eth1  # appeared meanwhile
waiting
  + ip address add 10.69.12.134/16 dev eth1  # waits for link:eth1
foreign, left alone
  rule 1015: a rule of another inside our block; move it
  link wg5: another wg5 stands here; --adopt takes it over (in the way)
conditions
  warning no-guard mesh.table: table main has no guards`);
});

test('two operations on one object are distinguished', () => {
  const alias = { ...setPeer, command: "ip link set dev wg222 alias 'wgospf'" };
  const results: Result[] = [
    { operation: setPeer, outcome: { status: 'failed', code: 'EAI_NONAME', message: 'no such name', ms: 1 } },
    { operation: alias, outcome: { status: 'blocked', by: 'wireguard:wg222' } },
  ];
  const lines = formatRest(report({ results, remaining: [setPeer, alias], inSync: false }), plain);
  expect(lines.slice(1).map((l) => l.split('  # ')[1])).toEqual([
    're-handshake, failed: EAI_NONAME',
    're-handshake, blocked by wireguard:wg222',
  ]);
});

test('an operation that was done and is wanted again is reported as undone by somebody else', () => {
  const again = report({ results: [done], remaining: [removeRule], inSync: false });
  expect(formatRest(again, plain)[1]).toMatch(/ {2}# done, but somebody undid it$/);
});

test.each([
  ['nothing done', report(), 'in sync: nothing to do'],
  ['all done', report({ results: [done, done] }), 'in sync: 2 operations done in 0.41 s'],
  [
    'one waits',
    report({ results: [done], waiting: notices.waiting }),
    'in sync: 1 operation done in 0.41 s; 1 waiting',
  ],
  ['broken', broken, 'not in sync: 1 operation done, 1 failed, 1 blocked, 3 left to do in 0.41 s'],
  [
    'only foreign objects',
    report({ foreign: notices.foreign, inSync: false }),
    'not in sync: 0 operations done, 1 foreign object in the way in 0.41 s',
  ],
])('summary: %s', (_name, made, text) => {
  expect(reportSummary(made, 410)).toBe(text);
});

test('apply prints each result as it comes, and exits with 1 if the router is not in sync', async () => {
  const ctx = fakeContext({
    reconcile: (_model, { onResult }) => {
      for (const result of broken.results) onResult?.(result);
      return Promise.resolve(broken);
    },
  });
  expect(await run(['apply'], ctx)).toBe(1);
  expect(ctx.stdout().split('\n')[0]).toBe(`- ${removeRule.command}  # done in 4 ms`);
  expect(ctx.stdout()).toMatch(/not in sync: 1 operation done, 1 failed, 1 blocked, 3 left to do in 0\.00 s$/);
});

test('apply --json prints one document without payloads', async () => {
  const ctx = fakeContext({ reconcile: () => Promise.resolve(broken) });
  expect(await run(['apply', '--json', '--adopt'], ctx)).toBe(1);
  const json = JSON.parse(ctx.stdout()) as { results: { outcome: unknown }[]; inSync: boolean };
  expect(json.inSync).toBe(false);
  expect(json.results.map((r) => r.outcome)).toEqual(broken.results.map((r) => r.outcome));
  expect(ctx.stdout()).not.toContain('a private key');
});

test('apply on a router in sync exits with 0', async () => {
  const ctx = fakeContext();
  expect(await run(['apply'], ctx)).toBe(0);
  expect(ctx.stdout()).toBe('in sync: nothing to do');
});

test('the lock is released after every outcome', async () => {
  let held = 0;
  const ctx = fakeContext({
    takeLock: () => Promise.resolve(((held += 1), () => void (held -= 1))),
    reconcile: () => Promise.reject(new HostError({ operation: 'dump links', code: 'ENOBUFS', detail: 'overrun' })),
  });
  expect(await run(['apply'], ctx)).toBe(1);
  expect(held).toBe(0);
  expect(ctx.stderr()).toBe('wgospf: dump links: overrun (ENOBUFS)');
});

test('a running second wgospf gives exit code 5', async () => {
  const busy = new HostError({ operation: 'take the lock', code: 'EBUSY', detail: 'another wgospf is at work' });
  const ctx = fakeContext({ takeLock: () => Promise.reject(busy) });
  expect(await run(['apply'], ctx)).toBe(5);
});

test('down needs no model, counts our objects and ignores foreign ones', async () => {
  const seen: unknown[] = [];
  const ctx = fakeContext({
    load: () => Promise.reject(new Error('down must not read the state file')),
    reconcile: (model, { adopt }) => {
      seen.push(model, adopt);
      return Promise.resolve(report({ results: [done], foreign: notices.foreign, inSync: false }));
    },
  });
  expect(await run(['down'], ctx)).toBe(0);
  expect(seen).toEqual([undefined, false]);
  expect(ctx.stdout()).toMatch(/down: nothing of ours is left, 1 operation done in 0\.00 s$/);
});

test('down that leaves something exits with 1', async () => {
  const ctx = fakeContext({ reconcile: () => Promise.resolve(report({ remaining: [removeRule], inSync: false })) });
  expect(await run(['down'], ctx)).toBe(1);
  expect(ctx.stdout()).toMatch(/not down: 1 object of ours left$/);
});
