// Every golden case under every fault: each kind of host call fails once, the agent is killed
// before each write, each write takes effect and reports an error. A clean pass after it must end where an undisturbed one does.
import { beforeAll, describe, expect, it } from 'vitest';
import { isHostError } from '../../src/host/error.ts';
import { reconcile } from '../../src/engine/reconcile.ts';
import type { Condition, Plan } from '../../src/engine/types.ts';
import { resources } from '../../src/resources/index.ts';
import type { FakeHost } from '../fakes/fake-host.ts';
import type { FakeCall } from '../fakes/instrument.ts';
import { troublesOf } from '../fakes/troubles.ts';
import type { GoldenCase } from './golden-case.ts';
import { goldenCases, modelOf, prepareHost } from './golden-case.ts';

/** What a pass says: all that it did not do, and what it found on its first and last look at the host. */
async function pass(golden: GoldenCase, host: FakeHost): Promise<string[]> {
  const found: Condition[] = [];
  const onPlan = ({ conditions }: Plan): void => void found.push(...conditions);
  const report = await reconcile(host, resources, modelOf(golden, host), { ...golden, onPlan });
  return [...troublesOf(report), ...[...found, ...report.conditions].map(({ message }) => message)];
}

/** An undisturbed pass: the calls that it makes, and where it ends. */
async function undisturbed(golden: GoldenCase): Promise<{ calls: FakeCall[]; end: string }> {
  const host = await prepareHost(golden);
  const from = host.calls.length;
  await pass(golden, host);
  return { calls: host.calls.slice(from), end: host.snapshot() };
}

/** A disturbed pass says what went wrong; a host that cannot be read ends it with an error. */
async function disturbed(golden: GoldenCase, host: FakeHost): Promise<string> {
  try {
    return (await pass(golden, host)).join('\n');
  } catch (error) {
    if (isHostError(error)) return error.message;
    throw error;
  }
}

/** Disturbs one pass and gives what it said and where it ended; then the clean one must converge. */
async function survive(golden: GoldenCase, disturb: (host: FakeHost) => void, end: string): Promise<string[]> {
  const host = await prepareHost(golden);
  disturb(host);
  const said = await disturbed(golden, host);
  const disturbedEnd = host.snapshot();
  host.clear();
  const report = await reconcile(host, resources, modelOf(golden, host), golden);
  expect(troublesOf(report)).toEqual([]);
  expect(host.snapshot()).toBe(end);
  return [said, disturbedEnd];
}

describe.each(goldenCases.filter(({ troubles }) => troubles.length === 0))('$name', (golden) => {
  let calls: FakeCall[];
  let end: string;
  beforeAll(async () => {
    ({ calls, end } = await undisturbed(golden));
  });

  it('names the call that failed, and converges', { timeout: 60_000 }, async () => {
    for (const name of new Set(calls.map((call) => call.name))) {
      const [said = '', ended] = await survive(golden, (host) => host.failNext(name, 'EIO'), end);
      // a call that the pass can do without may fail in silence
      if (!said.includes('EIO')) expect(ended, name).toBe(end);
    }
  });

  it('converges after a kill at any write', { timeout: 60_000 }, async () => {
    // a kill at a read leaves what a kill at the next write leaves
    for (const [at, { write }] of calls.entries()) {
      if (write) await survive(golden, (host) => host.dieAt(at), end);
    }
  });

  it('converges where a call took effect and reported an error', { timeout: 60_000 }, async () => {
    for (const [at, { write }] of calls.entries()) {
      if (write) await survive(golden, (host) => host.failCall(at, 'EIO', { after: true }), end);
    }
  });
});
