import fc from 'fast-check';
import { expect, test } from 'vitest';
import { retryDelay } from '../../src/daemon/retry.ts';

test('the delay doubles from a second to five minutes, and stays there', () => {
  const delays = [0, 1, 2, 7, 8, 9, 10, 1_000_000].map((tries) => retryDelay(tries, 0) / 1000);
  expect(delays).toEqual([1, 2, 4, 128, 256, 300, 300, 300]);
});

test('the random part takes off at most a fifth', () => {
  fc.assert(
    fc.property(fc.nat(40), fc.double({ min: 0, max: 1, noNaN: true }), (tries, random) => {
      const longest = retryDelay(tries, 0);
      const delay = retryDelay(tries, random);
      expect(delay).toBeLessThanOrEqual(longest);
      expect(delay).toBeGreaterThanOrEqual(Math.floor(longest * 0.8));
    }),
  );
});
