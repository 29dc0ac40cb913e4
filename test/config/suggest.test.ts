// Distances between words, against a plain definition of them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from '../../src/config/suggest.ts';

const word = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', 'c') });

describe('editDistance', () => {
  it('counts one for each typing error', () => {
    expect(editDistance('address', 'adress')).toBe(1);
    expect(editDistance('adress', 'address')).toBe(1);
    expect(editDistance('listenPort', 'listnePort')).toBe(1);
    expect(editDistance('cost', 'cast')).toBe(1);
    expect(editDistance('', 'abc')).toBe(3);
  });

  it('is 0 only for equal words, symmetric, and at most the longer length', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const d = editDistance(a, b);
        expect(d === 0).toBe(a === b);
        expect(editDistance(b, a)).toBe(d);
        expect(d).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(d).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });

  it('is 1 after one letter was inserted anywhere', () => {
    fc.assert(
      fc.property(word, fc.nat(8), fc.constantFrom('x', 'y'), (a, at, letter) => {
        const i = Math.min(at, a.length);
        expect(editDistance(a, a.slice(0, i) + letter + a.slice(i))).toBe(1);
      }),
    );
  });
});

describe('nearest', () => {
  it('finds other spellings, and nothing for a word that is not near', () => {
    const words = ['listenPort', 'address', 'mtu', 'allowedIPs'];
    expect(nearest('listen_port', words)).toBe('listenPort');
    expect(nearest('ListenPort', words)).toBe('listenPort');
    expect(nearest('AllowedIPs', words)).toBe('allowedIPs');
    expect(nearest('mut', words)).toBe('mtu');
    expect(nearest('colour', words)).toBeUndefined();
    expect(nearest('a'.repeat(5000), words)).toBeUndefined();
    expect(nearest('x', [] as string[])).toBeUndefined();
  });

  it('prefers the word of equal length among equally near words', () => {
    expect(nearest('ptpm', ['ptp', 'ptmp'])).toBe('ptmp');
  });
});
