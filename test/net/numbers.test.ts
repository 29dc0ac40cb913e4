// Router ids, OSPF areas, names and keys.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareText } from '../../src/net/compare-text.ts';
import { canonicalAddress } from '../../src/net/ip.ts';
import { isInterfaceName, isWireguardKey } from '../../src/net/names.ts';
import { canonicalArea } from '../../src/net/ospf-area.ts';
import { routerIdOf } from '../../src/net/router-id.ts';

describe('routerIdOf', () => {
  it.each([
    [1234, 1, '10.69.12.34'],
    [1234, 2, '10.69.12.134'],
    [1234, 3, '10.69.12.234'],
    [111, 1, '10.69.1.11'],
    [1, 1, '10.69.0.1'],
    [100, 1, '10.69.1.0'],
    [1254, 3, '10.69.12.254'],
    [1255, 3, undefined],
    [25499, 2, '10.69.254.199'],
    [25500, 1, undefined],
    [1234, 4, undefined],
  ])('node %i, instance %i: %s', (node, instance, id) => {
    expect(routerIdOf(node, instance)).toBe(id);
  });

  it('is an address, and no two routers have the same', () => {
    const router = fc.tuple(fc.integer({ min: 1, max: 25499 }), fc.integer({ min: 1, max: 3 }));
    fc.assert(
      fc.property(router, router, ([n1, i1], [n2, i2]) => {
        const [a, b] = [routerIdOf(n1, i1), routerIdOf(n2, i2)];
        if (a !== undefined) expect(canonicalAddress(a)).toBe(a);
        if (a !== undefined && a === b) expect([n1, i1]).toEqual([n2, i2]);
      }),
    );
  });
});

describe('canonicalArea', () => {
  it('reads a number and a dotted quad as the same area', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), (n) => {
        const quad = [24, 16, 8, 0].map((shift) => (n >>> shift) & 255).join('.');
        expect(canonicalArea(n)).toBe(String(n));
        expect(canonicalArea(quad)).toBe(String(n));
      }),
    );
  });

  it.each([-1, 0x100000000, 1.5, '0.0.0', '::1', 'backbone'])('refuses %j', (value) => {
    expect(canonicalArea(value)).toBeUndefined();
  });
});

describe('names', () => {
  it('of interfaces have at most 15 characters that every tool accepts', () => {
    expect(['wg222', 'eth0.100', 'br-lan_1', 'a'.repeat(15)].every(isInterfaceName)).toBe(true);
    expect(['', '.', '..', 'a'.repeat(16), 'wg 1', 'wg/1', 'wg:1', 'wgä'].some(isInterfaceName)).toBe(false);
  });

  it('of keys are the base64 of 32 bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(isWireguardKey(Buffer.from(bytes).toString('base64'))).toBe(bytes.length === 32);
      }),
    );
    // the two bits that 43 characters have over 32 bytes must be clear
    expect(isWireguardKey(`${'A'.repeat(42)}B=`)).toBe(false);
  });
});

describe('compareText', () => {
  it('compares numbers as numbers', () => {
    expect(['wg10', 'wg9', 'eth1', 'wg1'].sort(compareText)).toEqual(['eth1', 'wg1', 'wg9', 'wg10']);
    expect(['10.10.0.0/16', '10.9.0.0/16', '9.0.0.0/8'].sort(compareText)).toEqual([
      '9.0.0.0/8',
      '10.9.0.0/16',
      '10.10.0.0/16',
    ]);
  });

  it('is an order in which different texts differ', () => {
    const text = fc.string({ maxLength: 5, unit: fc.constantFrom('a', 'A', '0', '1', '.', '-') });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareText(a, b))).toBe(-Math.sign(compareText(b, a)) + 0);
        expect(compareText(a, b) === 0).toBe(a === b);
      }),
    );
  });
});
