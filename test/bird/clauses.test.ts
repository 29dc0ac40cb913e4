// Which sections of a bird.conf are separate protocols.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesPattern } from '../../src/net/name-pattern.ts';
import { clauseFor, clauseNames, protocolNames } from '../../src/resources/bird/clauses.ts';
import { readSections } from '../../src/resources/bird/sections.ts';

test('a BFD clause is not a protocol', () => {
  const text = readFileSync(new URL('golden/bfd.conf', import.meta.url), 'utf8');
  expect(protocolNames(readSections(text))).toEqual(['device1', 'direct4', 'kernel4', 'bfd1', 'mesh4']);
});

test('of clauses in any order the first that matches counts for an interface', () => {
  const names = ['wg1', 'wg2', 'wg10', 'eth1', 'wg?', 'wg*'];
  const list = fc.array(fc.constantFrom(...names, '-wg1', '-wg2', '-eth*', '*'), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(fc.uniqueArray(list, { maxLength: 6, selector: String }), (clauses) => {
      const sections = new Map(clauses.map((patterns, i) => [`mesh4 interface ${patterns.join(', ')}`, `cost ${i};`]));
      sections.set('mesh6 interface wg1', 'cost 99;');
      for (const name of names) {
        const hit = (patterns: readonly string[]): string | undefined =>
          patterns.find((pattern) => matchesPattern(pattern.replace(/^-/, ''), name));
        const first = clauses.findIndex((patterns) => hit(patterns)?.startsWith('-') === false);
        expect(clauseFor(sections, 'mesh4', name)).toBe(first < 0 ? undefined : `cost ${first};`);
      }
      expect(clauseNames(sections, 'mesh4')).toEqual(clauses.flat().filter((pattern) => !pattern.startsWith('-')));
    }),
  );
});
