// The outcome of operations as they happen, and what is left when they are over.
import type { PublicOperation, PublicReport, PublicResult } from '../../engine/public.ts';
import type { Style } from '../style.ts';
import { count, formatMs, formatSeconds } from '../../net/units.ts';
import { cureFor } from './cure.ts';
import { formatNotices } from './notices.ts';
import { formatOperation } from './operation.ts';

/** One line for a done or blocked operation, with the reason and the cure below it for a failed one. */
export function formatResult({ operation, outcome }: PublicResult, style: Style): string {
  switch (outcome.status) {
    case 'done':
      return [
        formatOperation(operation, style, style.faint(`done in ${formatMs(outcome.ms)}`)),
        ...(operation.keeps === undefined ? [] : [`    edited by hand: the edit is kept as ${operation.keeps}`]),
      ].join('\n');
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

/** One object can have several operations: their commands distinguish them. */
const isSame = (a: PublicOperation, b: PublicOperation): boolean =>
  a.kind === b.kind && a.key === b.key && a.command === b.command;

/** Why a fresh look at the host still finds it different. */
function whyLeft(operation: PublicOperation, results: readonly PublicResult[]): string {
  const outcome = results.findLast((r) => isSame(r.operation, operation) && r.outcome.status !== 'done')?.outcome;
  if (outcome?.status === 'failed') return `failed: ${outcome.code}`;
  if (outcome?.status === 'blocked') return `blocked by ${outcome.by}`;
  return results.some((r) => isSame(r.operation, operation)) ? 'done, but somebody undid it' : 'appeared meanwhile';
}

const left = (report: PublicReport, style: Style): string[] =>
  report.remaining.length === 0
    ? []
    : [
        style.heading('left to do'),
        ...report.remaining.map((o) => `  ${formatOperation(o, style, whyLeft(o, report.results))}`),
      ];

const tally = (report: PublicReport, status: PublicResult['outcome']['status']): number =>
  report.results.filter((r) => r.outcome.status === status).length;

/** `in sync: 24 operations done in 0.41 s`; `ms` is the whole run */
export function reportSummary(report: PublicReport, ms: number): string {
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
    ...(report.heldBy === undefined ? [] : [`held back by ${report.heldBy}`]),
  ];
  return `not in sync: ${parts.join(', ')} in ${formatSeconds(ms)}${waiting}`;
}

/** Everything after the operations' own lines. */
export const formatRest = (report: PublicReport, style: Style): string[] => [
  ...left(report, style),
  ...formatNotices(report, style),
];
