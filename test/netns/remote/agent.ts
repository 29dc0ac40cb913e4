// Runs inside a namespace: takes calls on the real Host as JSON lines, answers each with its result or its error.
import { createInterface } from 'node:readline';
import { isHostError } from '../../../src/host/error.ts';
import { createLinuxHost } from '../../../src/host/linux.ts';
import { takeLock } from '../../../src/host/lock.ts';
import type { KernelEvent, Touch } from '../../../src/host/monitor-types.ts';
import { createInsideMonitor } from '../../../src/host/netns/monitor.ts';
import { probeEnv } from '../../../src/host/probe.ts';
import { forkCount, run } from '../../../src/host/processes.ts';
import type { Call, Reply } from './protocol.ts';

const host = createLinuxHost();
/** What the kernel tells of the inside, from the first event after `script` began until a moment after the last. */
async function insideEvents(name: string, script: string): Promise<{ heard: KernelEvent[]; touches: Touch[] }> {
  const heard: KernelEvent[] = [];
  const touches: Touch[] = [];
  const listening = Promise.withResolvers<undefined>();
  const monitor = createInsideMonitor(name, {
    onEvents: (events) => void heard.push(...events),
    onOverflow: () => listening.resolve(undefined),
    onDown: (reason) => listening.reject(new Error(reason)),
    wantRoute: () => true,
    onTouched: (touch) => void touches.push(touch),
  });
  await listening.promise;
  heard.length = 0;
  await run('sh', ['-c', script]);
  await host.sleep(500);
  monitor.close();
  return { heard, touches };
}

const root = {
  ...host,
  takeLock: async () => {
    await takeLock();
  },
  probeEnv: () => probeEnv(host),
  run,
  forks: forkCount,
  insideEvents,
  setPath: (path: string) => void (process.env['PATH'] = path),
};

async function answer(call: Call): Promise<Reply> {
  try {
    let at: unknown = call.inside === undefined ? root : await host.netns.enter(call.inside);
    for (const name of call.path) at = (at as Record<string, unknown>)[name];
    const value = await (at as (...args: unknown[]) => unknown)(...call.args);
    return { id: call.id, value };
  } catch (error) {
    // everything that an error could carry to a log: its stack, its cause
    const text = error instanceof Error ? `${String(error.stack)} ${String(error.cause)}` : String(error);
    const parts = isHostError(error)
      ? { operation: error.operation, code: error.code, detail: error.detail }
      : undefined;
    return { id: call.id, error: { text, parts } };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const reply = await answer(JSON.parse(line) as Call);
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
host.close();
