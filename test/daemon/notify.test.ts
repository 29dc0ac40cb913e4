// The messages to systemd, their order, and how rare they are.
import { expect, test } from 'vitest';
import { createNotifier, type Notifier } from '../../src/daemon/notify.ts';
import type { DaemonEvent } from '../../src/daemon/types.ts';
import { HostError } from '../../src/host/error.ts';
import type { Systemd } from '../../src/host/notify-socket.ts';

interface Bench {
  readonly notifier: Notifier;
  readonly sent: string[];
  readonly events: DaemonEvent[];
  readonly pass: (ms: number) => void;
  fails: boolean;
}

function bench(over: Partial<Systemd> = {}): Bench {
  const sent: string[] = [];
  const events: DaemonEvent[] = [];
  let ms = 5;
  const send = (text: string): Promise<void> => {
    const error = new HostError({ operation: 'tell systemd', code: 'ENOENT', detail: 'not installed' });
    if (made.fails) return Promise.reject(error);
    sent.push(text);
    return Promise.resolve();
  };
  const systemd: Systemd = {
    listens: true,
    watchdogMs: 60_000,
    ready: (status) => send(`READY ${status}`),
    status: (text) => send(`STATUS ${text}`),
    say: (...words) => send(words.join(' ')),
    monotonicUsec: () => ms * 1000,
    ...over,
  };
  const notifier = createNotifier({ systemd, emit: (event) => events.push(event) });
  const made: Bench = { notifier, sent, events, pass: (more) => (ms += more), fails: false };
  return made;
}

test('a daemon reports READY with its status, RELOADING and STOPPING', async () => {
  const { notifier, sent } = bench();
  void notifier.status('3/3 tunnels up');
  await notifier.close();
  await notifier.ready();
  await notifier.status('3/3 tunnels up');
  await notifier.reloading();
  await notifier.ready();
  await notifier.stopping();
  expect(sent).toEqual([
    'STATUS 3/3 tunnels up',
    'READY 3/3 tunnels up',
    'RELOADING=1 MONOTONIC_USEC=5000',
    'READY 3/3 tunnels up',
    'STOPPING=1',
  ]);
});

test('of many statuses at once the newest is sent, on one line', async () => {
  const { notifier, sent } = bench();
  for (const text of ['a', 'b', 'c\n d']) void notifier.status(text);
  await notifier.close();
  await notifier.status('c d');
  expect(sent).toEqual(['STATUS c d']);
});

test('the watchdog is pinged at most every half interval, and at least every three quarters', async () => {
  const { notifier, sent, pass } = bench();
  await notifier.alive();
  pass(29_999);
  await notifier.alive();
  expect(sent).toEqual(['WATCHDOG=1']);
  pass(1);
  await notifier.alive();
  expect(sent).toHaveLength(2);
  expect(notifier.aliveEveryMs).toBe(15_000);
});

test('without a watchdog, or without systemd, nothing is sent', async () => {
  const without = bench({ watchdogMs: undefined });
  await without.notifier.alive();
  expect(without.sent).toEqual([]);
  expect(without.notifier.aliveEveryMs).toBeUndefined();
  const outside = bench({ listens: false, watchdogMs: undefined });
  await outside.notifier.ready();
  await outside.notifier.status('x');
  await outside.notifier.stopping();
  expect(outside.sent).toEqual([]);
});

test('a failure is a condition, reported once, until it works again', async () => {
  const b = bench();
  b.fails = true;
  await b.notifier.ready();
  await b.notifier.stopping();
  expect(b.events).toMatchObject([{ type: 'condition', raised: true, condition: { code: 'systemd-not-told' } }]);
  b.fails = false;
  await b.notifier.stopping();
  expect(b.events[1]).toMatchObject({ raised: false });
  expect(b.sent).toEqual(['STOPPING=1']);
});
