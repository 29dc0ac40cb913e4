// The monitor over the test's own rtmon: how it handles pieces of a stream, loss and an end.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { KernelEvent } from '../../../src/host/monitor-types.ts';
import { createMessageStream } from '../../../src/host/rtnetlink/message-stream.ts';
import { createMonitor } from '../../../src/host/rtnetlink/monitor.ts';
import type { RtmonHandlers } from '../../../src/host/rtnetlink/rtmon.ts';
import { encodeRuleChange } from '../../../src/host/rtnetlink/rule.ts';
import type { RuleInfo } from '../../../src/host/types.ts';

const RULE = {
  family: 4,
  priority: 1100,
  action: 'nop',
  iif: '',
  from: undefined,
  to: undefined,
  protocol: 87,
  extra: '',
} satisfies RuleInfo;
const announced = (priority: number): Buffer => encodeRuleChange('add', { ...RULE, priority });

/** NLMSG_TSTAMP, which rtmon writes before each message */
const stamp = Buffer.from('180000000f000000000000000000000020 3a036be44c0900'.replaceAll(' ', ''), 'hex');

function listen() {
  const runs: { handlers: RtmonHandlers; stopped: boolean }[] = [];
  const heard: KernelEvent[][] = [];
  const states: string[] = [];
  const monitor = createMonitor(
    {
      onEvents: (events) => heard.push([...events]),
      onOverflow: () => states.push('overflow'),
      onDown: (reason) => states.push(reason),
      wantRoute: () => true,
    },
    {
      start: (handlers) => {
        const run = { handlers, stopped: false };
        runs.push(run);
        return Promise.resolve({ stop: () => void (run.stopped = true) });
      },
    },
  );
  const run = (n = 0): (typeof runs)[number] => {
    const found = runs[n];
    if (found === undefined) throw new Error(`rtmon was started ${runs.length} times`);
    return found;
  };
  return { monitor, heard, states, runs, run };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('passes on the events of a chunk together, wherever the chunks are cut', () => {
  const { heard, run } = listen();
  const bytes = Buffer.concat([stamp, announced(1), stamp, announced(2), stamp, announced(3)]);
  const cut = bytes.length - 10;
  expect(run().handlers.data(bytes.subarray(0, cut))).toBe(true);
  expect(run().handlers.data(bytes.subarray(cut))).toBe(true);
  expect(heard.map((events) => events.map(({ object }) => 'priority' in object && object.priority))).toEqual([
    [1, 2],
    [3],
  ]);
});

it('reports a chunk without events', () => {
  const { heard, run } = listen();
  expect(run().handlers.data(stamp)).toBe(false);
  expect(heard).toEqual([]);
});

it('reports possibly missing events when it starts, after a loss and after a break', async () => {
  const { states, run, runs } = listen();
  run().handlers.data(stamp);
  await vi.advanceTimersByTimeAsync(100);
  expect(states).toEqual(['overflow']);
  run().handlers.lost();
  expect(states).toEqual(['overflow', 'overflow']);
  run().handlers.ended('rtmon ended (SIGKILL)');
  await vi.advanceTimersByTimeAsync(600);
  expect(runs).toHaveLength(2);
  run(1).handlers.data(stamp);
  await vi.advanceTimersByTimeAsync(100);
  expect(states.slice(2)).toEqual(['rtmon ended (SIGKILL)', 'overflow']);
});

it('tries again at growing intervals, at most a minute', async () => {
  const { run, runs } = listen();
  for (let n = 0; n < 10; n++) {
    run(n).handlers.ended('rtmon: not found');
    await vi.advanceTimersByTimeAsync(60_000);
  }
  expect(runs).toHaveLength(11);
});

it('stops an rtmon whose bytes are not netlink messages', async () => {
  const { run } = listen();
  await vi.advanceTimersByTimeAsync(0);
  expect(run().handlers.data(Buffer.alloc(64))).toBe(false);
  expect(run().stopped).toBe(true);
});

it('ends for good', async () => {
  const { monitor, run, runs, states } = listen();
  await vi.advanceTimersByTimeAsync(0);
  monitor.close();
  run().handlers.ended('rtmon ended (SIGKILL)');
  await vi.advanceTimersByTimeAsync(100_000);
  expect([run().stopped, runs.length, states]).toEqual([true, 1, []]);
});

it('reads a message that comes byte by byte', () => {
  const stream = createMessageStream();
  const all = Buffer.concat([announced(1), announced(2)]);
  const types = [...all].flatMap((byte) => stream.push(Buffer.of(byte)).map(({ type }) => type));
  expect(types).toEqual([32, 32]);
});

it('ends a silent rtmon and starts another one', async () => {
  const { states, run, runs, monitor } = listen();
  await vi.advanceTimersByTimeAsync(9_000);
  expect(run().stopped).toBe(false);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(run().stopped).toBe(true);
  run().handlers.ended('rtmon ended (SIGKILL)');
  expect(states).toEqual(['rtmon ended (SIGKILL), and said nothing']);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(runs).toHaveLength(2);
  run(1).handlers.data(Buffer.concat([stamp, announced(1)]));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(run(1).stopped).toBe(false);
  monitor.close();
});
