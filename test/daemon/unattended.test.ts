// The daemon's work for which nobody waits: a failure is reported, and never ends the process.
import { expect, test } from 'vitest';
import { createStateKeeper } from '../../src/daemon/state-keeper.ts';
import { createUnattended } from '../../src/daemon/unattended.ts';
import type { DaemonEvent } from '../../src/daemon/types.ts';
import { HostError } from '../../src/host/error.ts';
import { handleForgotten } from '../../src/host/signals.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { report } from './reports.ts';

test.each([
  [new HostError({ operation: 'list links', code: 'EIO', detail: 'no answer' }), 'EIO', /no answer/],
  [new TypeError('x is not a function'), 'INTERNAL', /not a function/],
])('work that fails with %s is reported', async (error, code, message) => {
  const events: DaemonEvent[] = [];
  createUnattended((event) => events.push(event))('read the state file', () => Promise.reject(error));
  await Promise.resolve();
  await Promise.resolve();
  expect(events).toEqual([
    { type: 'trouble', doing: 'read the state file', code, message: expect.stringMatching(message) as string },
  ]);
});

test('an unhandled rejection is handed over and does not end the process', async () => {
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  const reported: unknown[] = [];
  const takeBack = handleForgotten((error) => reported.push(error));
  void Promise.reject(new Error('forgotten'));
  await new Promise((resolve) => setImmediate(resolve));
  takeBack();
  for (const listener of others) process.on('unhandledRejection', listener);
  expect(reported).toMatchObject([{ message: 'forgotten' }]);
});

test('a failed pass is a condition of the daemon until a pass ends with a report', () => {
  const { listen, state } = createStateKeeper({
    pid: 1,
    version: '0',
    clock: createFakeClock(),
    retryAt: () => undefined,
  });
  listen({ type: 'pass', report: report(), triggers: [], ms: 1 });
  expect(state().conditions).toEqual([]);
  listen({ type: 'pass-failed', code: 'EIO', message: 'list links: no answer', triggers: [], retryInMs: 1 });
  expect(state().conditions).toMatchObject([{ code: 'pass-failed', severity: 'error' }]);
  expect(state().conditions[0]?.message).toContain('list links: no answer');
  expect(state()).not.toHaveProperty('failure');
  listen({ type: 'pass', report: report(), triggers: [], ms: 1 });
  expect(state().conditions).toEqual([]);
});
