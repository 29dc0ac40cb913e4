import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressBytes, addressFromBytes, canonicalAddress } from '../../../src/net/ip.ts';
import { decodeAddress, encodeAddress, familyOf } from '../../../src/host/rtnetlink/ip-bytes.ts';

/** Bytes of which many are zero, because IPv6 text depends on the zero runs. */
const sparse = (length: number): fc.Arbitrary<number[]> =>
  fc.array(fc.oneof(fc.constant(0), fc.nat(255)), { minLength: length, maxLength: length });

describe('decodeAddress', () => {
  it.each([
    ['00000000000000000000000000000000', '::'],
    ['00000000000000000000000000000001', '::1'],
    ['fe800000000000000000000000000001', 'fe80::1'],
    ['20010db8000000010000000000000001', '2001:db8:0:1::1'],
    ['20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
    ['20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
    ['fd000000000000000000000000000000', 'fd00::'],
    ['00010002000300040005000600070008', '1:2:3:4:5:6:7:8'],
  ])('%s is %s', (hex, text) => {
    expect(decodeAddress(Buffer.from(hex, 'hex'), 0, 6)).toBe(text);
  });
  it('reads IPv4 at an offset', () => {
    expect(decodeAddress(Buffer.from([9, 9, 10, 70, 89, 255]), 2, 4)).toBe('10.70.89.255');
  });
  it('is the canonical text of the value types, and goes back to the same bytes', () => {
    fc.assert(
      fc.property(fc.oneof(sparse(4), sparse(16)), (bytes) => {
        const text = decodeAddress(Buffer.from(bytes), 0, bytes.length === 4 ? 4 : 6);
        expect(text).toBe(addressFromBytes(Uint8Array.from(bytes)));
        expect(canonicalAddress(text)).toBe(text);
        expect([...encodeAddress(text)]).toEqual(bytes);
        expect([...addressBytes(text)]).toEqual(bytes);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('familyOf', () => {
  it('accepts only AF_INET and AF_INET6', () => {
    expect([2, 10, 0, 7, 128, undefined].map(familyOf)).toEqual([4, 6, undefined, undefined, undefined, undefined]);
  });
});
