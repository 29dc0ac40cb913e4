// The paths of a leak check as a table for each family: a row for each origin, a column for each class of destination.
import { describePath } from '../../leak-check/describe-path.ts';
import type { Path } from '../../leak-check/types.ts';
import { count } from '../../net/units.ts';
import type { Style } from '../style.ts';
import { formatTable } from '../table.ts';

function cell({ answer, leak, allowed }: Path, style: Style): string {
  if (answer.verdict === 'refused') return style.faint('refused');
  if (answer.verdict === 'local') return 'local';
  if (allowed === true) return `allowed ${answer.dev}`;
  return leak === undefined ? answer.dev : style.bad(`LEAK ${answer.dev}`);
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)];

/** Of the variants of a row and the columns of a class, only those where something crosses. */
function worthARow(paths: readonly Path[]): Path[] {
  const crossing = paths.filter(({ leak, allowed }) => leak !== undefined || allowed === true);
  const rows = new Set(crossing.map(({ origin }) => origin.name));
  const columns = new Set(crossing.map(({ destination }) => destination.name));
  return paths.filter(
    ({ origin, destination }) =>
      (origin.of === undefined || rows.has(origin.name)) &&
      (destination.further === undefined || columns.has(destination.name)),
  );
}

function matrix(all: readonly Path[], family: 4 | 6, style: Style): string[] {
  const paths = worthARow(all);
  const rows = distinct(paths.map(({ origin }) => origin.name));
  const columns = distinct(paths.map(({ destination }) => destination.name));
  const cells = rows.map((row) => [
    row,
    ...columns.map((column) => {
      const path = paths.find(({ origin, destination }) => origin.name === row && destination.name === column);
      return path === undefined ? '-' : cell(path, style);
    }),
  ]);
  return formatTable(
    [`IPv${family} FROM`, ...columns].map((title) => ({ title })),
    cells,
  );
}

export function formatLeaks(paths: readonly Path[], style: Style): string {
  const of = (family: 4 | 6): string[] => {
    const some = paths.filter((path) => path.family === family);
    return some.length === 0 ? [] : [...matrix(some, family, style), ''];
  };
  const leaks = paths.filter(({ leak }) => leak !== undefined);
  const lines = leaks.map((path) => `${style.bad('LEAK')} ${describePath(path)}: ${path.leak ?? ''}`);
  const open = paths.filter(({ allowed }) => allowed).length;
  const other = open === 0 ? '' : ' otherwise';
  const crossing = leaks.length === 0 ? style.good(`none crosses${other}`) : style.bad(`${leaks.length} cross${other}`);
  const opened = open === 0 ? '' : ` ${open} cross as the state file allows,`;
  const sum = `${count(paths.length, 'path')} checked,${opened} ${crossing}`;
  return [...of(4), ...of(6), ...lines, sum].join('\n');
}
