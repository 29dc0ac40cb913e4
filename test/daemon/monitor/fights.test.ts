import { expect, it } from 'vitest';
import { createFights } from '../../../src/daemon/monitor/fights.ts';

const REF = 'address:wg222 10.70.89.0/31';

it('five undoings within a minute are a fight, and the pause doubles up to a minute', () => {
  const fights = createFights();
  const pauses = Array.from({ length: 13 }, (_, n) => fights.note(REF, n * 1_000)?.pauseMs);
  expect(pauses.slice(0, 4)).toEqual([undefined, undefined, undefined, undefined]);
  expect(pauses.slice(4)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
});

it('a fight is reported only while the pause grows', () => {
  const fights = createFights();
  const grown = Array.from({ length: 13 }, (_, n) => fights.note(REF, n)).map((fight) => fight?.grew);
  expect(grown.filter((grew) => grew === true)).toHaveLength(7);
  expect(grown.at(-1)).toBe(false);
});

it('a fight continues although the pauses make it rarer than five times a minute', () => {
  const fights = createFights();
  for (let n = 0; n < 12; n++) fights.note(REF, n);
  expect(fights.note(REF, 61_000)).toMatchObject({ times: 13, pauseMs: 60_000 });
});

it('a fight is over after three minutes without an undoing', () => {
  const fights = createFights();
  for (let n = 0; n < 12; n++) fights.note(REF, n);
  expect(fights.note(REF, 181_000)).toBeUndefined();
});

it('four undoings a minute are no fight, and neither are five objects undone once each', () => {
  const fights = createFights();
  const rare = Array.from({ length: 40 }, (_, n) => fights.note(REF, n * 15_001));
  const others = Array.from({ length: 5 }, (_, n) => fights.note(`link:wg${n}`, n));
  expect([...rare, ...others].filter((fight) => fight !== undefined)).toEqual([]);
});
