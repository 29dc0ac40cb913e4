// The known age of a handshake while somebody sets the clock.
import { beforeEach, expect, test } from 'vitest';
import { createHandshakeAge, type HandshakeAge } from '../../src/host/handshake-age.ts';
import { createFakeClock, type FakeClock } from '../fakes/fake-clock.ts';

const HOURS = 5 * 3_600;
let clock: FakeClock;
let handshakeAge: HandshakeAge;

const seconds = (): number => clock.now() / 1000;
const age = (latestHandshake: number, dev = 'wg222'): number =>
  handshakeAge(dev, { publicKey: 'theirs', latestHandshake });

beforeEach(() => {
  clock = createFakeClock();
  handshakeAge = createHandshakeAge(clock);
});

test('an age is the difference to now, and never is Infinity', () => {
  expect(age(0, 'wg111')).toBe(Infinity);
  expect(age(seconds() - 42)).toBe(42);
  expect(age(seconds() + 1, 'wg333')).toBe(0);
});

test('a time in the future gives no age', () => {
  expect(age(seconds() + HOURS)).toBe(Infinity);
});

test.each([HOURS, -HOURS])('a known handshake keeps its age when the clock is set by %i seconds', async (by) => {
  const at = seconds() - 10;
  age(at);
  clock.set(by * 1000);
  await clock.advance(5_000);
  expect(age(at)).toBe(15);
});

test('a new handshake is at most as old as the last look, whatever the clock says', async () => {
  age(seconds() - 10);
  await clock.advance(30_000);
  const at = seconds() - 1;
  clock.set(-HOURS * 1000);
  expect(age(at)).toBe(30);
  clock.set(2 * HOURS * 1000);
  await clock.advance(20_000);
  expect(age(seconds() - HOURS)).toBe(20);
});

test('the same key on two devices counts as two peers', () => {
  const at = seconds() - 10;
  expect([age(at), age(seconds() + HOURS, 'wg333')]).toEqual([10, Infinity]);
});
