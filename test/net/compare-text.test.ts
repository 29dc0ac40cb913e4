import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareText } from '../../src/net/compare-text.ts';

/** The parts of names and addresses. */
const texts = fc.string({ unit: fc.constantFrom(...Array.from('aAbBzZ0019.:/-_ 5%')), maxLength: 12 });

test('texts have the order of the Unicode collation with numbers', () => {
  const { compare } = new Intl.Collator('en', { numeric: true });
  fc.assert(
    fc.property(texts, texts, (a, b) => {
      const [order, expected] = [Math.sign(compareText(a, b)), Math.sign(compare(a, b))];
      // texts that it calls equal differ in leading zeros
      expect(order).toBe(expected === 0 && a !== b ? order : expected);
    }),
    { numRuns: 2000 },
  );
});

test('texts that differ never compare equal, and the order is antisymmetric', () => {
  fc.assert(
    fc.property(texts, texts, (a, b) => {
      expect(compareText(a, b) === 0).toBe(a === b);
      expect(Math.sign(compareText(a, b))).toBe(-Math.sign(compareText(b, a)) || 0);
    }),
    { numRuns: 2000 },
  );
});

test('numbers in names are compared as numbers: wg2 before wg10, 10.9.0.0 before 10.10.0.0', () => {
  const names = ['wg10', 'wg2', 'wg1', '10.10.0.0/16', '10.9.0.0/16', 'eth0.10', 'eth0.9'];
  expect(names.toSorted(compareText)).toEqual([
    '10.9.0.0/16',
    '10.10.0.0/16',
    'eth0.9',
    'eth0.10',
    'wg1',
    'wg2',
    'wg10',
  ]);
});
