// Nested prefixes, compared with a comparison of every pair.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { containsPrefix, formatPrefix, lastOf, networkOf, overlaps, parsePrefix } from '../../src/net/ip.ts';
import type { Prefix } from '../../src/net/ip.ts';
import { nestedPrefixes, nextNetwork } from '../../src/net/overlap.ts';

const p = (text: string): Prefix => {
  const parsed = parsePrefix(text);
  if (parsed === undefined) throw new TypeError(text);
  return parsed;
};

/** Few bits vary, so that nesting happens. */
const near = fc.oneof(
  fc
    .tuple(fc.nat(3), fc.nat(7), fc.integer({ min: 24, max: 32 }))
    .map(([a, b, length]) => p(`10.0.${a}.${b * 32}/${length}`)),
  fc.tuple(fc.nat(7), fc.integer({ min: 60, max: 128 })).map(([a, length]) => p(`2001:db8:0:${a}::/${length}`)),
);

describe('nestedPrefixes', () => {
  it('names each prefix that is inside another one, with the narrowest around it', () => {
    const list = [
      '10.0.0.0/8',
      '10.1.0.0/16',
      '10.1.2.0/24',
      '192.168.0.0/16',
      '10.1.2.3/24',
      '2001:db8::/32',
      '2001:db8:1::/48',
    ].map(p);
    const pairs = nestedPrefixes(list).sort((a, b) => a[1] - b[1]);
    expect(pairs).toEqual([
      [0, 1],
      [1, 2],
      [2, 4],
      [5, 6],
    ]);
  });

  it('agrees with a comparison of every pair', () => {
    fc.assert(
      fc.property(fc.array(near, { maxLength: 12 }), (list) => {
        const found = nestedPrefixes(list);
        for (const [outer, inner] of found) {
          const [a, b] = [list[outer], list[inner]];
          expect(a !== undefined && b !== undefined && outer !== inner && containsPrefix(a, b)).toBe(true);
        }
        const inside = list.map((b, i) =>
          list.some((a, j) => i !== j && containsPrefix(a, b) && (a.length < b.length || j < i)),
        );
        const named = new Set(found.map(([, inner]) => inner));
        expect(list.map((_, i) => named.has(i))).toEqual(inside);
      }),
      { numRuns: 500 },
    );
  });
});

describe('nextNetwork', () => {
  it('follows without a gap and without an overlap', () => {
    fc.assert(
      fc.property(near, (prefix) => {
        const next = nextNetwork(prefix);
        expect(next).toBeDefined();
        if (next === undefined) return;
        expect(next.length).toBe(prefix.length);
        expect(networkOf(next)).toEqual(next);
        expect(overlaps(prefix, next)).toBe(false);
        expect(lastOf(next)).not.toBe(lastOf(prefix));
      }),
    );
    expect(nextNetwork(p('10.70.89.1/31'))).toEqual(p('10.70.89.2/31'));
    expect(nextNetwork(p('10.70.255.254/31'))).toEqual(p('10.71.0.0/31'));
  });

  it('ends with the address space', () => {
    expect([p('255.255.255.0/24'), p('0.0.0.0/0'), p('ffff::/16')].map(nextNetwork)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(formatPrefix(nextNetwork(p('127.255.255.255/32')) ?? p('0.0.0.0/0'))).toBe('128.0.0.0/32');
  });
});
