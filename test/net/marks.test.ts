import { expect, test } from 'vitest';
import { isMarked } from '../../src/net/names.ts';

test.each([
  ['the mark alone', 'wgospf', true],
  ['the mark and a note', 'wgospf endpoint vpn222.example.net:51825', true],
  ['a word that begins like it', 'wgospf2', false],
  ['the mark behind another word', 'my wgospf', false],
  ['no alias', '', false],
])('a link with %s, "%s", is told for ours or not', (_what, alias, ours) => {
  expect(isMarked({ alias })).toBe(ours);
});
