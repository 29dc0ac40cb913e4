// Addresses and prefixes, compared with plain arithmetic on whole numbers.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressBytes,
  addressFromBytes,
  bitsOf,
  canonicalAddress,
  contains,
  containsPrefix,
  farAddress,
  formatPrefix,
  hasHostBits,
  hostPrefix,
  lastOf,
  networkOf,
  overlaps,
  parsePrefix,
} from '../../src/net/ip.ts';
import type { Family, Prefix } from '../../src/net/ip.ts';

const toNumber = (address: string): bigint => addressBytes(address).reduce((n, byte) => n * 256n + BigInt(byte), 0n);

const bytes = (family: Family): fc.Arbitrary<Uint8Array> => {
  const size = bitsOf(family) / 8;
  return fc.uint8Array({ minLength: size, maxLength: size });
};

const prefixOf = (family: Family): fc.Arbitrary<Prefix> =>
  fc
    .tuple(bytes(family), fc.nat(bitsOf(family)))
    .map(([b, length]) => ({ family, address: addressFromBytes(b), length }));

const anyPrefix = fc.oneof(prefixOf(4), prefixOf(6));

/** A prefix and one near it, so that nesting is more frequent than among random ones. */
const pair = anyPrefix.chain((a) =>
  fc.tuple(fc.constant(a), fc.nat(bitsOf(a.family)), fc.integer({ min: -2, max: 2 })).map(([p, length, step]) => {
    const size = 1n << BigInt(bitsOf(p.family) - p.length);
    const max = (1n << BigInt(bitsOf(p.family))) - 1n;
    const moved = toNumber(p.address) + BigInt(step) * size;
    const near = moved < 0n ? 0n : moved > max ? max : moved;
    const list = Uint8Array.from({ length: bitsOf(p.family) / 8 }, (_, i) =>
      Number((near >> BigInt(bitsOf(p.family) - 8 * (i + 1))) & 255n),
    );
    return [p, { ...p, address: addressFromBytes(list), length }] as const;
  }),
);

const size = (p: Prefix): bigint => 1n << BigInt(bitsOf(p.family) - p.length);
const first = (p: Prefix): bigint => (toNumber(p.address) / size(p)) * size(p);

describe('canonicalAddress', () => {
  it.each([
    ['10.70.89.1', '10.70.89.1'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['::ffff:10.0.0.1', '::ffff:10.0.0.1'],
  ])('%s is %s', (text, canonical) => {
    const address = canonicalAddress(text);
    expect(address).toBeDefined();
    expect(toNumber(address ?? '')).toBe(toNumber(canonical));
    expect(canonicalAddress(address ?? '')).toBe(address);
  });

  it.each([
    '',
    '10.1',
    '10.0.0.256',
    '010.0.0.1',
    '0x0a.0.0.1',
    '10.0.0.1 ',
    '1.2.3.4.5',
    '167772161',
    'fe80::1%eth0',
    ':::',
    'g::1',
    '1::2::3',
  ])('refuses %j', (text) => {
    expect(canonicalAddress(text)).toBeUndefined();
  });

  it('is its own canonical text', () => {
    fc.assert(
      fc.property(fc.oneof(bytes(4), bytes(6)), (b) => {
        const address = addressFromBytes(b);
        expect(canonicalAddress(address)).toBe(address);
        expect(addressBytes(address)).toEqual(b);
      }),
    );
  });
});

describe('prefixes', () => {
  it('read what they write', () => {
    fc.assert(
      fc.property(anyPrefix, (p) => {
        expect(parsePrefix(formatPrefix(p))).toEqual(p);
      }),
    );
  });

  it.each([
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/',
    '/8',
    '10.0.0.0/255.0.0.0',
    '::/129',
    '10.0.0.0/8 ',
    '10.0.0.0/008x',
  ])('refuse %j', (text) => {
    expect(parsePrefix(text)).toBeUndefined();
  });

  it('have the calculated start and end', () => {
    fc.assert(
      fc.property(anyPrefix, (p) => {
        const net = networkOf(p);
        expect(toNumber(net.address)).toBe(first(p));
        expect(toNumber(lastOf(p))).toBe(first(p) + size(p) - 1n);
        expect(networkOf(net)).toEqual(net);
        expect(hasHostBits(net)).toBe(false);
        expect(hasHostBits(p)).toBe(toNumber(p.address) !== first(p));
      }),
    );
  });

  it('contain and overlap like ranges of numbers', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const [a0, a1, b0, b1] = [first(a), first(a) + size(a) - 1n, first(b), first(b) + size(b) - 1n];
        expect(contains(a, b.address)).toBe(a0 <= toNumber(b.address) && toNumber(b.address) <= a1);
        expect(containsPrefix(a, b)).toBe(a0 <= b0 && b1 <= a1);
        expect(overlaps(a, b)).toBe(a0 <= b1 && b0 <= a1);
        expect(overlaps(b, a)).toBe(overlaps(a, b));
      }),
      { numRuns: 500 },
    );
  });

  it('never contain the other family', () => {
    fc.assert(
      fc.property(prefixOf(4), prefixOf(6), (a, b) => {
        expect([contains(a, b.address), contains(b, a.address), overlaps(a, b)]).toEqual([false, false, false]);
      }),
    );
  });

  it('of one address contain only it', () => {
    fc.assert(
      fc.property(anyPrefix, (p) => {
        const one = hostPrefix(p.address);
        expect(contains(one, p.address)).toBe(true);
        expect(lastOf(one)).toBe(networkOf(one).address);
      }),
    );
  });
});

describe('farAddress', () => {
  it('is the other address of a /31 or /127, and symmetric', () => {
    fc.assert(
      fc.property(anyPrefix, (p) => {
        const link = { ...p, length: bitsOf(p.family) - 1 };
        const far = farAddress(link) ?? '';
        expect(contains(link, far)).toBe(true);
        expect(far).not.toBe(link.address);
        expect(farAddress({ ...link, address: far })).toBe(link.address);
      }),
    );
  });

  it('is the other host of a /30, and undefined for its network and broadcast address', () => {
    const far = (host: number): string | undefined =>
      farAddress({ family: 4, address: `10.70.183.${host}`, length: 30 });
    expect([far(4), far(5), far(6), far(7)]).toEqual([undefined, '10.70.183.6', '10.70.183.5', undefined]);
  });

  it('is undefined for every other length', () => {
    fc.assert(
      fc.property(prefixOf(4), (p) => {
        fc.pre(p.length !== 30 && p.length !== 31);
        expect(farAddress(p)).toBeUndefined();
      }),
    );
  });
});
