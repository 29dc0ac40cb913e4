import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains } from '../../src/net/ip.ts';
import { isLinkLocal, linkLocalOf } from '../../src/net/link-local.ts';

const key = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('base64'));

describe('the link-local address of a key', () => {
  it('is the beginning of its SHA-256, as sha256sum prints it', () => {
    // echo xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg= | base64 -d | sha256sum
    expect(linkLocalOf('xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=')).toEqual({
      family: 6,
      address: 'fe80::2dec:f5aa:df23:9b17',
      length: 64,
    });
  });

  it('is in fe80::/64, the same each time, and different for another key', () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        const own = linkLocalOf(a);
        expect(contains({ family: 6, address: 'fe80::', length: 64 }, own.address)).toBe(true);
        expect(isLinkLocal(own.address)).toBe(true);
        expect(linkLocalOf(a)).toEqual(own);
        expect(linkLocalOf(b).address === own.address).toBe(a === b);
      }),
    );
  });

  it('is recognised by its first ten bits', () => {
    expect(['fe80::1', 'febf::1', 'fe90::'].map(isLinkLocal)).toEqual([true, true, true]);
    expect(['fec0::1', 'fd80::1', 'fe8::1', '10.0.0.1'].map(isLinkLocal)).toEqual([false, false, false, false]);
  });
});
