// One at a time: a second daemon and a command beside it are refused, and the end of the daemon changes nothing.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDaemon, type Daemon } from './lab/daemon.ts';
import { makeLoneRouter, type LoneRouter } from './lab/lone-router.ts';
import type { Router } from './lab/router.ts';

let lone: LoneRouter;
let router: Router;
let daemon: Daemon;

beforeAll(async () => {
  lone = await makeLoneRouter();
  router = lone.router;
  daemon = await startDaemon(router);
});
afterAll(() => lone.lab.close());

test.each([[['run']], [['apply']], [['down']]])('wgospf %s beside a daemon is refused with a cure', async (args) => {
  const before = await router.dump();
  const { exitCode, stderr, stdout } = await router.wgospf(args, { mayFail: true });
  expect(exitCode).toBe(5);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/the wgospf daemon \(pid \d+\) is at work here.*wgospf reload.*systemctl stop wgospf/);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(await router.dump()).toBe(before);
});

test('commands that only read work beside the daemon', async () => {
  expect((await router.wgospf(['plan', '--adopt'], { mayFail: true })).exitCode).toBe(2); // bird.conf is not adopted
  expect((await router.wgospf(['check'])).exitCode).toBe(0);
});

test('SIGTERM leaves the network as it is, and releases the lock', async () => {
  const network = (): Promise<string> =>
    router.sh('ip -d link | grep -v timer; ip addr; ip route show table all; ip rule; ip -6 rule; wg show all');
  const before = await network();
  await daemon.stop('SIGTERM');
  expect(await network()).toBe(before);
  // messages of a reaction under way may come after it
  expect(daemon.lines().map(({ event }) => event)).toContain('stopping');
  expect(await router.sh('ps -e -o args= | grep -E "rtmon|wgospf.mjs" | grep -v grep || true')).toBe('');
  expect((await router.wgospf(['apply', '--adopt'])).exitCode).toBe(0);
  expect((await router.wgospf(['down'])).exitCode).toBe(0);
});
