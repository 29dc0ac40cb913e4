// Many readers and one daemon: how often and when the host is read for them.
import { beforeEach, expect, test } from 'vitest';
import { createSharedReads, type SharedReads } from '../../src/daemon/shared-reads.ts';
import { yieldingHost } from '../../src/daemon/yielding-host.ts';
import { createFakeClock, flush, type FakeClock } from '../fakes/fake-clock.ts';
import { createFakeHost } from '../fakes/fake-host.ts';

let clock: FakeClock;
let reads: SharedReads;
let readings: number;
/** a pass runs */
let pass: PromiseWithResolvers<undefined> | undefined;

const quiet = (ms: number): Promise<void> =>
  pass === undefined
    ? Promise.resolve()
    : Promise.race([pass.promise, new Promise<void>((go) => void clock.after(ms, go))]);

const taking = (ms: number) => async (): Promise<number> => {
  const n = ++readings;
  await new Promise<void>((done) => void clock.after(ms, done));
  return n;
};

/** Fills the array as the answers arrive. */
function collect<T>(asks: readonly Promise<T>[]): T[] {
  const got: T[] = [];
  for (const ask of asks) void ask.then((one) => got.push(one));
  return got;
}

beforeEach(() => {
  clock = createFakeClock();
  readings = 0;
  pass = undefined;
  reads = createSharedReads({ clock, quiet });
});

test('a second reader gets the same answer during the read and shortly after', async () => {
  const read = reads.share(taking(30));
  const got = collect([read(), read()]);
  await clock.advance(20);
  got.push(...collect([read()]));
  await clock.advance(10);
  expect(got).toEqual([1, 1]);
  await clock.advance(200);
  const later = collect([read()]);
  await flush();
  expect([...later, readings]).toEqual([1, 1]);
});

test('an answer is valid for as long as it took to read, and at least a quarter of a second', async () => {
  const [quick, slow] = [reads.share(taking(10)), reads.share(taking(2_000))];
  collect([quick()]);
  await clock.advance(300);
  const again = collect([quick()]);
  await clock.advance(10);
  expect(again).toEqual([2]);
  collect([slow()]);
  await clock.advance(3_900);
  const still = collect([slow()]);
  await flush();
  expect(still).toEqual([3]);
});

test('an answer from before an event is not given to a reader after the event', async () => {
  const read = reads.share(taking(30));
  const before = collect([read()]);
  await clock.advance(10);
  reads.outdate();
  const after = collect([read(), read()]);
  await clock.advance(60);
  expect([before, after]).toEqual([[1], [2, 2]]);
});

test('two reads never run at the same time', async () => {
  let [now, most] = [0, 0];
  const read = (): (() => Promise<void>) =>
    reads.share(async () => {
      most = Math.max(most, ++now);
      await new Promise<void>((done) => void clock.after(50, done));
      now--;
    });
  collect([read()(), read()(), read()()]);
  await clock.advance(200);
  expect([now, most]).toEqual([0, 1]);
});

test('a failed read is reported to all its waiters, and is not kept', async () => {
  let fails = true;
  const read = reads.share(() => (fails ? Promise.reject(new Error('unreadable')) : Promise.resolve('read')));
  const all = await Promise.allSettled([read(), read()]);
  expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  fails = false;
  expect(await read()).toBe('read');
});

test('during a pass no read begins and no answer is sent, for at most a second', async () => {
  pass = Promise.withResolvers();
  const read = reads.share(taking(0));
  const got = collect([read(), reads.turn().then(() => -1)]);
  await clock.advance(900);
  expect([got, readings]).toEqual([[], 0]);
  pass.resolve(undefined);
  pass = undefined;
  await clock.advance(10);
  expect(got).toEqual(expect.arrayContaining([1, -1]));

  pass = Promise.withResolvers();
  reads.outdate();
  const impatient = collect([read()]);
  await clock.advance(1_000);
  expect(impatient).toEqual([2]);
});

test('the first answer is sent at once, and further answers ten times a second', async () => {
  const first = collect([reads.turn()]);
  await flush();
  expect(first).toHaveLength(1);
  const others = collect(Array.from({ length: 60 }, () => reads.turn()));
  await clock.advance(99);
  expect(others).toHaveLength(0);
  await clock.advance(1);
  expect(others).toHaveLength(60);
});

test('a running read pauses for a pass, inside a namespace too', async () => {
  const host = createFakeHost();
  host.run('ip netns add mesh');
  let open = Promise.withResolvers<undefined>();
  const reader = yieldingHost(host, () => open.promise);
  const got = collect<unknown>([reader.rtnl.links(), reader.notes.all()]);
  await flush();
  expect([got, host.calls]).toEqual([[], []]);
  open.resolve(undefined);
  await flush();
  expect(got).toHaveLength(2);
  const inside = await reader.netns.enter('mesh');
  open = Promise.withResolvers();
  const more = collect<unknown>([inside?.rtnl.links() ?? Promise.resolve()]);
  await flush();
  expect(more).toEqual([]);
  open.resolve(undefined);
  await flush();
  expect(more).toHaveLength(1);
});
