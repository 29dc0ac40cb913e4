// What a reload waits for: its own pass, in whatever way that ends.
import { expect, test } from 'vitest';
import { createBus } from '../../src/daemon/bus.ts';
import { createReadiness } from '../../src/daemon/readiness.ts';
import type { DaemonEvent, Trigger } from '../../src/daemon/types.ts';
import { flush } from '../fakes/fake-clock.ts';
import { report } from './reports.ts';

const by = (reason: Trigger['reason']): readonly Trigger[] => [{ reason, at: 0 }];
const failed = (reason: Trigger['reason']): DaemonEvent => {
  return { type: 'pass-failed', code: 'EINTR', message: 'dump rules', triggers: by(reason), retryInMs: 1 };
};
const passed = (reason: Trigger['reason']): DaemonEvent => {
  return { type: 'pass', report: report(), triggers: by(reason), ms: 1 };
};

test.each([
  ['that succeeds', passed('reload')],
  ['that fails', failed('reload')],
])('a reload ends with its own pass %s, and not with one that was already running', async (_what, own) => {
  const bus = createBus();
  const { passed: end } = createReadiness(bus).reloading();
  let ended = false;
  void end().then(() => (ended = true));
  for (const other of [failed('drift'), passed('timer')]) bus.emit(other);
  await flush();
  expect(ended).toBe(false);
  bus.emit(own);
  await flush();
  expect(ended).toBe(true);
});
