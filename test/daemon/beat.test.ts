import { beforeEach, expect, test } from 'vitest';
import { createBeat, type Beat } from '../../src/daemon/beat.ts';
import { createFakeClock, type FakeClock } from '../fakes/fake-clock.ts';

let clock: FakeClock;
let timers: number;
let beat: Beat;
let ran: string[];

beforeEach(() => {
  clock = createFakeClock();
  [timers, ran] = [0, []];
  const after: FakeClock['after'] = (ms, run) => {
    timers += 1;
    return clock.after(ms, run);
  };
  beat = createBeat({ ...clock, after });
});

const at = (name: string) => (): void => void ran.push(`${name} ${clock.ticks() / 1000}`);

test('calls that are due within the same ten seconds run together, from one timer', async () => {
  await clock.advance(3_000);
  for (const [name, ms] of [
    ['a', 500],
    ['b', 4_000],
    ['c', 7_900],
    ['d', 17_000],
  ] as const)
    beat(ms, at(name));
  await clock.advance(20_000);
  expect(ran).toEqual(['a 10', 'b 10', 'c 10', 'd 20']);
  expect(timers).toBe(2);
});

test('a ten-second pause after a slow look ends with the next beat', async () => {
  await clock.advance(10_300);
  beat(10_000, at('look'));
  await clock.advance(30_000);
  expect(ran).toEqual(['look 20']);
});

test('a cancelled call does not run, and cancelling the last call removes the timer', async () => {
  const first = beat(1_000, at('first'));
  const second = beat(1_000, at('second'));
  first();
  first();
  await clock.advance(10_000);
  expect(ran).toEqual(['second 10']);
  second();
  beat(1_000, at('third'))();
  await clock.advance(20_000);
  expect(ran).toEqual(['second 10']);
});

test('a call that schedules another one lets it run at a later beat', async () => {
  beat(1_000, () => void beat(0, at('again')));
  await clock.advance(30_000);
  expect(ran).toEqual(['again 20']);
});
