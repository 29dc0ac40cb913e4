// Tables, numbers, colours.
import { expect, test } from 'vitest';
import { cureFor } from '../../src/cli/format/cure.ts';
import { makeStyle, wantsColour } from '../../src/cli/style.ts';
import { formatTable } from '../../src/cli/table.ts';
import { count, formatAge, formatBytes, formatMs } from '../../src/net/units.ts';

test('columns are as wide as their widest cell, numbers are aligned right, and colours do not count', () => {
  const { add } = makeStyle(true);
  const lines = formatTable(
    [{ title: 'NAME' }, { title: 'N', align: 'right' }, { title: 'LAST' }],
    [[add('wg222'), '1', ''], ['wg1', '1000', 'x'], ['only']],
  );
  expect(lines).toEqual(['NAME      N  LAST', `${add('wg222')}     1`, 'wg1    1000  x', 'only']);
});

test.each([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: '1' }, false],
  [true, { NO_COLOR: '' }, true],
  [false, { FORCE_COLOR: '1' }, true],
  [false, { FORCE_COLOR: '3', NO_COLOR: '1' }, true],
  [false, { FORCE_COLOR: '' }, false],
  [true, { FORCE_COLOR: '0' }, false],
  [true, { FORCE_COLOR: '', NO_COLOR: '1' }, false],
  [true, { TERM: 'dumb' }, false],
])('colours on a terminal %s with %j', (isTerminal, env, wanted) => {
  expect(wantsColour(isTerminal, env)).toBe(wanted);
});

test('ages are printed in their largest whole unit', () => {
  expect([0, 59, 60, 3599, 3600, 86_400, 200_000].map(formatAge)).toEqual([
    ...['0 s', '59 s', '1 min', '59 min', '1 h', '1 d', '2 d'],
  ]);
});

test('bytes are printed in IEC units', () => {
  expect([0, 1023, 1024, 1536, 1024 ** 2, 1024 ** 4 * 3, 1024 ** 5].map(formatBytes)).toEqual([
    ...['0 B', '1023 B', '1.00 KiB', '1.50 KiB', '1.00 MiB', '3.00 TiB', '1024.00 TiB'],
  ]);
});

test('durations are printed in milliseconds', () => {
  expect([0, 1, 41.4, 2300].map(formatMs)).toEqual(['<1 ms', '1 ms', '41 ms', '2.30 s']);
});

test('counts are printed with the right plural', () => {
  expect([count(1, 'operation'), count(2, 'operation')]).toEqual(['1 operation', '2 operations']);
});

test('a missing program or socket has the cure of its kind', () => {
  expect(cureFor('bird', 'ENOENT')).toMatch(/BIRD/);
  expect(cureFor('wireguard', 'ENOENT')).toMatch(/key files/);
  expect(cureFor('route', 'ENOENT')).toBeUndefined();
  expect(cureFor('route', 'ENETDOWN')).toMatch(/link is down/);
});
