// How long a peer has been silent, by its counters at each look.
import { expect, test } from 'vitest';
import { createSilence, type Silence } from '../../src/host/silence.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';

test('silence begins with the first look at a count of received bytes, and ends when the count changes', async () => {
  const clock = createFakeClock();
  const silence = createSilence(clock);
  const look = (rxBytes: number, txBytes: number, publicKey = 'theirs'): Silence =>
    silence('wg222', { publicKey, rxBytes, txBytes });
  expect(look(100, 100)).toEqual({ seconds: 0, sent: 0 });
  await clock.advance(10_000);
  clock.set(3_600_000);
  expect(look(100, 180)).toEqual({ seconds: 10, sent: 80 });
  await clock.advance(25_000);
  expect(look(100, 400)).toEqual({ seconds: 35, sent: 300 });
  expect(look(100, 400, 'of another peer')).toEqual({ seconds: 0, sent: 0 });
  expect(look(132, 400)).toEqual({ seconds: 0, sent: 0 });
  await clock.advance(5_000);
  expect(look(132, 480)).toEqual({ seconds: 5, sent: 80 });
});

test('a device that was made again counts from zero', async () => {
  const clock = createFakeClock();
  const silence = createSilence(clock);
  const look = (rxBytes: number, txBytes: number): Silence =>
    silence('wg222', { publicKey: 'theirs', rxBytes, txBytes });
  look(0, 592);
  await clock.advance(60_000);
  expect(look(0, 148)).toEqual({ seconds: 0, sent: 0 });
});
