// The outcome of operations as they happen, and what is left when they are over.
import type { Operation, Report, Result } from '../../engine/types.ts';
import type { Style } from '../style.ts';
import { count, formatMs, formatSeconds } from '../../net/units.ts';
import { cureFor } from './cure.ts';
import { formatNotices } from './notices.ts';
import { formatOperation } from './operation.ts';

/** One line for a done or blocked operation, with the reason and the cure below it for a failed one. */
export function formatResult({ operation, outcome }: Result, style: Style): string {
  switch (outcome.status) {
    case 'done':
      return formatOperation(operation, style, style.faint(`done in ${formatMs(outcome.ms)}`));
    case 'blocked':
      return formatOperation(operation, style, style.warn(`blocked by ${outcome.by}`));
    case 'failed': {
      const { source } = operation;
      const cure = cureFor(operation.kind, outcome.code);
      return [
        formatOperation(operation, style, style.bad('failed')),
        `    ${outcome.message}`,
        ...(source === undefined ? [] : [`    wanted by ${source.file}:${source.line}:${source.col} (${source.path})`]),
        ...(cure === undefined ? [] : [`    cure: ${cure}`]),
      ].join('\n');
    }
  }
}

/** One object can have several operations: their commands tell them apart. */
const isSame = (a: Operation, b: Operation): boolean => a.kind === b.kind && a.key === b.key && a.command === b.command;

/** Why a fresh look at the host still finds it different. */
function whyLeft(operation: Operation, results: readonly Result[]): string {
  const outcome = results.findLast((r) => isSame(r.operation, operation) && r.outcome.status !== 'done')?.outcome;
  if (outcome?.status === 'failed') return `failed: ${outcome.code}`;
  if (outcome?.status === 'blocked') return `blocked by ${outcome.by}`;
  return results.some((r) => isSame(r.operation, operation)) ? 'done, but somebody undid it' : 'appeared meanwhile';
}

const left = (report: Report, style: Style): string[] =>
  report.remaining.length === 0
    ? []
    : [
        style.heading('left to do'),
        ...report.remaining.map((o) => `  ${formatOperation(o, style, whyLeft(o, report.results))}`),
      ];

const tally = (report: Report, status: Result['outcome']['status']): number =>
  report.results.filter((r) => r.outcome.status === status).length;

/** `in sync: 24 operations done in 0.41 s`; `ms` is the whole run */
export function reportSummary(report: Report, ms: number): string {
  const done = tally(report, 'done');
  const waiting = report.waiting.length === 0 ? '' : `; ${report.waiting.length} waiting`;
  if (report.inSync) {
    const what =
      report.results.length === 0 ? 'nothing to do' : `${count(done, 'operation')} done in ${formatSeconds(ms)}`;
    return `in sync: ${what}${waiting}`;
  }
  const inTheWay = report.foreign.filter((f) => f.blocking).length;
  const parts = [
    `${count(done, 'operation')} done`,
    ...(tally(report, 'failed') === 0 ? [] : [`${tally(report, 'failed')} failed`]),
    ...(tally(report, 'blocked') === 0 ? [] : [`${tally(report, 'blocked')} blocked`]),
    ...(report.remaining.length === 0 ? [] : [`${report.remaining.length} left to do`]),
    ...(inTheWay === 0 ? [] : [`${count(inTheWay, 'foreign object')} in the way`]),
  ];
  return `not in sync: ${parts.join(', ')} in ${formatSeconds(ms)}${waiting}`;
}

/** Everything after the operations' own lines. */
export const formatRest = (report: Report, style: Style): string[] => [
  ...left(report, style),
  ...formatNotices(report, style),
];
