// Which sections of a bird.conf are protocols of their own.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { protocolNames } from '../../src/resources/bird/clauses.ts';
import { readSections } from '../../src/resources/bird/sections.ts';

test('a BFD clause is not a protocol', () => {
  const text = readFileSync(new URL('golden/bfd.conf', import.meta.url), 'utf8');
  expect(protocolNames(readSections(text))).toEqual(['device1', 'direct4', 'kernel4', 'bfd1', 'mesh4']);
});
