// The record as text.
import { crossings, type Phase } from './record.ts';
import type { Proof } from './scenario.ts';

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
  'own errors',
];
const widths = [44, 7, 10, 8, 12, 8, 8, 16, 11, 10];

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
    ...[outside, crossings(phase) - outside, phase.ownErrors],
  ]);
}

/** Which packets crossed, the first few of each place. */
export function details({ crossed, answered, measured }: Phase, most = 4): string[] {
  return [
    ...(measured === undefined ? [] : [`    measured, not judged: ${measured}`]),
    ...[...crossed].flatMap(([place, lines]) => lines.slice(0, most).map((text) => `    ${place}: ${text}`)),
    ...answered.map((name) => `    answered: ${name}`),
  ];
}

export function verdict({ phases, contrast, faults }: Proof): string {
  const judged = phases.filter(({ measured }) => measured === undefined);
  const sent = judged.reduce((sum, { mesh, never }) => sum + mesh.sent + never.sent, 0);
  const leaked = contrast.reduce((sum, phase) => sum + crossings(phase), 0);
  return [
    ...(faults.length === 0
      ? [`${judged.length} phases, ${sent} probes: nothing crossed, and down gave back all`]
      : ['FAULTS', ...faults]),
    ...(contrast.length === 0 ? [] : [`the seed's own stanzas, ${contrast.length} phases: ${leaked} packets crossed`]),
  ].join('\n');
}
