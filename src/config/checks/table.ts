// Checks the mesh table and the priorities of its rules.
import { DEFAULT_PRIORITIES } from '../../model/defaults.ts';
import type { Priorities } from '../../model/types.ts';
import type { Problem } from '../problem.ts';
import type { Resolved } from '../resolve/types.ts';

/** RT_TABLE_DEFAULT, RT_TABLE_MAIN, RT_TABLE_LOCAL of linux/rtnetlink.h. */
const KERNEL_TABLES: Readonly<Record<number, string>> = { 253: 'default', 254: 'main', 255: 'local' };

export function tableChecks({ said: { mesh } }: Resolved): Problem[] {
  const table = mesh?.table;
  if (table === 'main') {
    return [
      {
        code: 'no-guards',
        severity: 'warning',
        path: ['mesh', 'table'],
        message:
          'in table main the mesh has no rules and no guards: the mesh reaches everything that this router reaches',
        hint: 'table: {name: nycmesh, id: 2}, unless the mesh is the only network of this router',
      },
    ];
  }
  const taken = table?.id === undefined ? undefined : KERNEL_TABLES[table.id];
  if (taken === undefined) return [];
  const other = 'id: 2, or any other number from 1 to 252';
  const hint = taken === 'main' ? `${other}; or table: main, without guards` : other;
  return [
    {
      code: 'reserved-table',
      path: ['mesh', 'table', 'id'],
      message: `table ${table?.id ?? ''} is the kernel's own table \`${taken}\``,
      hint,
    },
  ];
}

const rows = Object.keys(DEFAULT_PRIORITIES) as (keyof Priorities)[];

export function priorityChecks({ said: { mesh } }: Resolved): Problem[] {
  const said = mesh?.priorities;
  if (said === undefined) return [];
  const valueOf = (row: keyof Priorities): number => said[row] ?? DEFAULT_PRIORITIES[row];
  return rows.slice(1).flatMap((row, i): Problem[] => {
    const before = rows[i] ?? row;
    if (valueOf(row) > valueOf(before)) return [];
    const blamed = said[row] === undefined ? before : row;
    const hint =
      blamed === row
        ? `${row}: ${valueOf(before) + 1}, or move the block as a whole: all of them, each greater than the one before`
        : `${before}: ${valueOf(row) - 1} or less, or move the block as a whole: all of them, each greater than the one before`;
    const was = said[before] === undefined ? ' (its default)' : '';
    const is = said[row] === undefined ? ' (its default)' : '';
    return [
      {
        code: 'priority-order',
        path: ['mesh', 'priorities', blamed],
        message: `${row} ${valueOf(row)}${is} must come after ${before} ${valueOf(before)}${was}, or traffic meets its rule too early`,
        hint,
      },
    ];
  });
}
