// Golden cases under every fault: each kind of host call fails once, the agent is killed before each write, each write takes
// effect and reports an error. A clean pass afterwards must end like an undisturbed one.
import { deserialize, serialize } from 'node:v8';
import { beforeAll, describe, expect, it } from 'vitest';
import { isHostError } from '../../src/host/error.ts';
import { reconcile } from '../../src/engine/reconcile.ts';
import type { Condition, Plan } from '../../src/engine/types.ts';
import { resources } from '../../src/resources/index.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import type { FakeState } from '../fakes/fake-state.ts';
import type { FakeCall } from '../fakes/instrument.ts';
import { troublesOf } from '../fakes/troubles.ts';
import type { GoldenCase } from './golden-case.ts';
import { goldenCases, modelOf, prepareHost } from './golden-case.ts';

/** Everything of a host that outlasts the agent: equal ones lead to equal passes. */
const memoryOf = (host: FakeHost): Buffer => serialize(host.state);
const keyOf = (memory: Buffer): string => memory.toString('latin1');

/** A freshly started agent on such a host. */
const wake = ({ names = {} }: GoldenCase, memory: Buffer): FakeHost =>
  createFakeHost({ names, state: deserialize(memory) as FakeState });

/** The output of a pass: all that it did not do, and its findings at its first and last look at the host. */
async function pass(golden: GoldenCase, host: FakeHost): Promise<string[]> {
  const found: Condition[] = [];
  const onPlan = ({ conditions }: Plan): void => void found.push(...conditions);
  const report = await reconcile(host, resources, modelOf(golden, host), { ...golden, onPlan });
  return [...troublesOf(report), ...[...found, ...report.conditions].map(({ message }) => message)];
}

/** Plan and apply, without the last look at the host, which writes nothing: the agent dies with its last operation. */
async function passAndDie(golden: GoldenCase, host: FakeHost): Promise<void> {
  let planned = 0;
  let done = 0;
  await reconcile(host, resources, modelOf(golden, host), {
    ...golden,
    onPlan({ operations }) {
      planned = operations.length;
    },
    onResult() {
      done += 1;
      if (done === planned) host.dieAt(0);
    },
  });
}

/** A disturbed pass reports what went wrong; if the host cannot be read, it ends with an error. */
async function disturbed(golden: GoldenCase, host: FakeHost): Promise<string> {
  try {
    return (await pass(golden, host)).join('\n');
  } catch (error) {
    if (isHostError(error)) return error.message;
    throw error;
  }
}

interface Course {
  readonly before: Buffer;
  readonly calls: readonly FakeCall[];
  /** the host right before each write: a kill there leaves this */
  readonly kills: ReadonlyMap<number, Buffer>;
  readonly end: string;
  /** host states from which a clean pass has converged */
  readonly proven: Set<string>;
}

/** An undisturbed pass: its calls, the host at each call, and its result. */
async function undisturbed(golden: GoldenCase): Promise<Course> {
  const before = memoryOf(await prepareHost(golden));
  const host = wake(golden, before);
  const kills = new Map<number, Buffer>();
  host.onCall(({ write }) => {
    if (write) kills.set(host.calls.length, memoryOf(host));
  });
  await pass(golden, host);
  return { before, calls: host.calls, kills, end: host.snapshot(), proven: new Set([keyOf(before)]) };
}

/** A clean pass from there has the same result as the undisturbed one. */
async function converges(golden: GoldenCase, memory: Buffer, { end, proven }: Course): Promise<void> {
  if (proven.has(keyOf(memory))) return;
  const host = wake(golden, memory);
  const report = await reconcile(host, resources, modelOf(golden, host), golden);
  expect(troublesOf(report)).toEqual([]);
  expect(host.snapshot()).toBe(end);
  proven.add(keyOf(memory));
}

/** Disturbs one pass, after which a clean one must converge; returns the output of the disturbed one and its result. */
async function survive(golden: GoldenCase, course: Course, disturb: (host: FakeHost) => void): Promise<string[]> {
  const host = wake(golden, course.before);
  disturb(host);
  const message = await disturbed(golden, host);
  await converges(golden, memoryOf(host), course);
  return [message, host.snapshot()];
}

/** One share of the cases, every `of`-th: each share is a separate file, and files run side by side. */
export function describeFaults(share: number, of: number): void {
  const cases = goldenCases.filter(({ troubles }) => troubles.length === 0).filter((_, at) => at % of === share);
  describe.each(cases)('$name', (golden) => {
    let course: Course;
    beforeAll(async () => {
      course = await undisturbed(golden);
    });

    it('a failed call is named, and the next pass converges', { timeout: 60_000 }, async () => {
      for (const name of new Set(course.calls.map((call) => call.name))) {
        const [message = '', ended] = await survive(golden, course, (host) => host.failNext(name, 'EIO'));
        // a call that the pass does not need may fail silently
        if (!message.includes('EIO')) expect(ended, name).toBe(course.end);
      }
    });

    it('after a kill at any write the next pass converges', { timeout: 60_000 }, async () => {
      // a kill at a read leaves the same as a kill at the next write
      for (const memory of course.kills.values()) await converges(golden, memory, course);
    });

    it('after a call that took effect and reported an error the next pass converges', { timeout: 60_000 }, async () => {
      for (const at of course.kills.keys()) {
        const host = wake(golden, course.before);
        host.failCall(at, 'EIO', { after: true });
        await passAndDie(golden, host);
        await converges(golden, memoryOf(host), course);
      }
    });
  });
}
