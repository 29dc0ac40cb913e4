// The commands that ask the daemon: their output and exit codes.
import { expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import type { DaemonClient } from '../../src/daemon/client.ts';
import type { DaemonAnswer } from '../../src/daemon/sockets.ts';
import type { DaemonEvent } from '../../src/daemon/types.ts';
import { HostError } from '../../src/host/error.ts';
import { publicEvent } from '../../src/log/public-event.ts';
import { formatClock } from '../../src/net/units.ts';
import { badState, daemonState, STARTED, status } from '../daemon/daemon-samples.ts';
import { failing, operation, pass, report } from '../log/events.ts';
import { fakeContext, type FakeContext, noDaemon } from './fake-context.ts';
import { plan } from './samples.ts';

const NOW = STARTED + 7_500_000;

function context(daemon: Partial<DaemonClient>, root = true): FakeContext {
  const ctx = fakeContext({ root, daemon: { ...noDaemon, ...daemon } });
  ctx.host().now = () => NOW;
  return ctx;
}

const done = (over: Partial<DaemonAnswer> = {}) => Promise.resolve({ daemon: { ...daemonState(), ...over } });
const failed = (code: string, detail: string) => () =>
  Promise.reject(new HostError({ operation: 'GET /status', code, detail }));

const lastPass = { at: NOW + 5, ms: 41, report: report() };

test.each(['reload', 'hold', 'resume', 'watch'])('%s without a daemon exits with 6', async (command) => {
  const ctx = context({});
  expect(await run([command], ctx)).toBe(6);
  expect(ctx.stderr()).toBe(`wgospf ${command}: the daemon does not run here: systemctl start wgospf`);
});

test.each(['reload', 'hold', 'resume'])('%s needs root', async (command) => {
  expect(await run([command], context({}, false))).toBe(4);
});

test('reload prints the changes', async () => {
  const results = [{ operation: operation(), outcome: { status: 'done', ms: 2 } }] as const;
  const ctx = context({ reload: () => done({ lastPass: { ...lastPass, report: report({ results }) } }) });
  expect(await run(['reload'], ctx)).toBe(0);
  expect(ctx.stdout()).toBe(
    '+ ip route add 10.69.0.0/16 dev wg222 table 2 proto wgospf  # done in 2 ms\nin sync: 1 operation done in 0.04 s',
  );
});

test('reload of a bad file prints the errors with their positions', async () => {
  const ctx = context({ reload: () => done({ badState, lastPass }) });
  expect(await run(['reload'], ctx)).toBe(3);
  expect(ctx.stderr()).toBe(`${badState.join('\n\n')}\nthe state file is bad; the last good state stays in force`);
});

test('reload reports a failed pass, a router out of sync, and a hold', async () => {
  const before = context({ reload: () => done() });
  expect(await run(['reload'], before)).toBe(1);
  expect(before.stderr()).toContain('journalctl -u wgospf');
  const off = context({ reload: () => done({ lastPass: { ...lastPass, report: report(failing) } }) });
  expect(await run(['reload'], off)).toBe(1);
  const held = context({ reload: () => done({ lastPass, holdUntil: 'until-resume' }) });
  expect(await run(['reload'], held)).toBe(0);
  expect(held.stdout()).toContain("held until 'wgospf resume': nothing was applied");
});

test('hold takes a duration and prints the repairs that wait', async () => {
  const asked: (number | undefined)[] = [];
  const hold = (ms: number | undefined) => {
    asked.push(ms);
    return done({ holdUntil: ms === undefined ? 'until-resume' : NOW + ms });
  };
  const answer = { ...plan({ operations: [operation()] }), inSync: false };
  const ctx = context({ hold, plan: () => Promise.resolve(answer) });
  expect(await run(['hold', '10m'], ctx)).toBe(0);
  expect(await run(['hold'], ctx)).toBe(0);
  expect(asked).toEqual([600_000, undefined]);
  expect(ctx.stdout())
    .toBe(`held until ${formatClock(NOW + 600_000)}: nothing is repaired; 'wgospf resume' ends it earlier

repairs that wait ('wgospf plan' prints them again):
route-add
  + ip route add 10.69.0.0/16 dev wg222 table 2 proto wgospf
held until 'wgospf resume': nothing is repaired

repairs that wait ('wgospf plan' prints them again):
route-add
  + ip route add 10.69.0.0/16 dev wg222 table 2 proto wgospf`);
});

test.each(['10', 'm', '-5m', '0s', '8d', '1h30m'])('hold %s is a usage error', async (text) => {
  const ctx = context({});
  expect(await run(['hold', '--', text], ctx)).toBe(64);
  expect(ctx.stderr()).toContain('30s, 10m, 1h');
});

test('resume reports the end of the hold', async () => {
  const ctx = context({ resume: () => done() });
  expect(await run(['resume'], ctx)).toBe(0);
  expect(ctx.stdout()).toBe('repairs go on');
});

test('hold, resume and reload --json have the daemon under the same key', async () => {
  const answer = () => done({ lastPass });
  const ctx = (): FakeContext =>
    context({ hold: answer, resume: answer, reload: answer, plan: () => Promise.resolve({ ...plan(), inSync: true }) });
  for (const command of ['hold', 'resume', 'reload']) {
    const one = ctx();
    expect(await run([command, '--json'], one)).toBe(0);
    expect(JSON.parse(one.stdout())).toMatchObject({ daemon: { pid: daemonState().pid } });
  }
});

test('status comes from the daemon if one runs, for readers without root too', async () => {
  const daemon = { ...daemonState(), holdUntil: 'until-resume', badState, retryAt: NOW + 4000 } as const;
  const ctx = context({ status: () => Promise.resolve({ ...status, daemon }) }, false);
  expect(await run(['status'], ctx)).toBe(1);
  const lines = ctx.stdout().split('\n');
  expect(lines[0]).toBe('1/1 tunnels up, 1/1 adjacencies Full, 2 routes, in sync');
  expect(lines[1]).toMatch(
    /^daemon: pid 812, since 2026-11-2\d \d\d:\d\d \(2 h\), 14 passes, 2 repairs, last pass 2 h ago$/,
  );
  expect(lines.slice(2, 5)).toEqual([
    "held until 'wgospf resume': nothing is repaired",
    'next try in 4 s',
    'the state file is bad, the last good state is in force:',
  ]);
  expect(lines.slice(5, 9)).toEqual(badState[0]?.split('\n'));
  const well = context({ status: () => Promise.resolve({ ...status, daemon: daemonState() }) }, false);
  expect(await run(['status'], well)).toBe(0);
});

test('status without a daemon, or with one that does not answer, is read from the host', async () => {
  const without = context({});
  await run(['status', '--json'], without);
  expect(JSON.parse(without.stdout())).toMatchObject({ daemon: null, conditions: [] });
  const stuck = context({ status: failed('ETIMEDOUT', 'no answer within 10 s') });
  await run(['status', '--json'], stuck);
  expect(JSON.parse(stuck.stdout())).toMatchObject({
    daemon: null,
    conditions: [{ code: 'daemon-not-answering', message: expect.stringContaining('10 s') as string }],
  });
});

test('status with another state file does not ask the daemon', async () => {
  const ctx = context({ status: () => Promise.resolve({ ...status, daemon: daemonState() }) });
  await run(['status', '--json', '--state', 'other.yaml'], ctx);
  expect(JSON.parse(ctx.stdout())).toMatchObject({ daemon: null });
});

test('a user who is neither root nor in the group gets exit code 4', async () => {
  const ctx = context({ status: failed('EACCES', 'permission denied') }, false);
  expect(await run(['status'], ctx)).toBe(4);
});

/** The stream of a daemon that ends. */
const stream = (list: readonly DaemonEvent[]): Partial<DaemonClient> => ({
  async *events() {
    for (const event of list) yield await Promise.resolve(publicEvent(event));
  },
});

test('watch without a terminal prints one line per event', async () => {
  const ctx = context(stream([pass(failing), { type: 'resume' }]));
  expect(await run(['watch'], ctx)).toBe(6);
  expect(ctx.stdout().split('\n')).toHaveLength(5);
  expect(ctx.stdout().split('\n').at(-1)).toBe(`${formatClock(NOW)} resume: repairs go on`);
  expect(ctx.stderr()).toBe('wgospf watch: the daemon has ended');
  const json = context(stream([{ type: 'resume' }]));
  await run(['watch', '--json'], json);
  expect(JSON.parse(json.stdout())).toMatchObject({ type: 'resume', lines: [{ level: 'notice' }] });
});
