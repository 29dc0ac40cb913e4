// The record as text.
import { crossings, type Phase } from './record.ts';

const columns = [
  'phase',
  'seconds',
  'mesh: sent',
  'answered',
  'others: sent',
  'refused',
  'answered',
  'crossed: outside',
  'in the mesh',
];
const widths = [44, 7, 10, 8, 12, 8, 8, 16, 11];

const row = (cells: readonly (string | number)[]): string =>
  cells
    .map((cell, i) => (i === 0 ? String(cell).padEnd(widths[i] ?? 0) : String(cell).padStart(widths[i] ?? 0)))
    .join('  ');

export const head: string = row(columns);

export function line(phase: Phase): string {
  const { name, seconds, mesh, never, crossed } = phase;
  const outside = crossed.get('uplink')?.length ?? 0;
  return row([
    ...[name, seconds.toFixed(1), mesh.sent, mesh.answered, never.sent, never.refused, never.answered],
    ...[outside, crossings(phase) - outside],
  ]);
}

/** Which packets crossed, the first few of each place. */
export function details({ crossed, answered }: Phase, most = 4): string[] {
  return [
    ...[...crossed].flatMap(([place, lines]) => lines.slice(0, most).map((text) => `    ${place}: ${text}`)),
    ...answered.map((name) => `    answered: ${name}`),
  ];
}
