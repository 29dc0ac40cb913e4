// Aligned text tables; colours inside a cell do not count for its width.
import { stripVTControlCharacters } from 'node:util';

export interface Column {
  readonly title: string;
  /** numbers stand right */
  readonly align?: 'left' | 'right';
}

const width = (cell: string): number => stripVTControlCharacters(cell).length;

const pad = (cell: string, to: number, align: 'left' | 'right'): string => {
  const space = ' '.repeat(Math.max(0, to - width(cell)));
  return align === 'left' ? cell + space : space + cell;
};

/** Lines of a table with its titles first, two spaces between columns, none at the end of a line. A missing cell is empty. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const all = [columns.map((c) => c.title), ...rows];
  const widths = columns.map((_, i) => Math.max(...all.map((row) => width(row[i] ?? ''))));
  return all.map((row) =>
    columns
      .map((column, i) => pad(row[i] ?? '', widths[i] ?? 0, column.align ?? 'left'))
      .join('  ')
      .trimEnd(),
  );
}
