// One pass as records: what it did, and each thing that it could not do.
import { redact } from '../config/redact.ts';
import type { DaemonEvent } from '../daemon/types.ts';
import type { Operation, Report, Result } from '../engine/types.ts';
import { count, formatMs } from '../net/units.ts';
import type { LogRecord } from './record.ts';

type PassEvent = Extract<DaemonEvent, { type: 'pass' }>;

const MAX_COMMANDS = 5;

/** The first commands, and how many more there are. */
export function commandsOf(operations: readonly Operation[]): string[] {
  const shown = operations.slice(0, MAX_COMMANDS).map((o) => o.command);
  const more = operations.length - shown.length;
  return more === 0 ? shown : [...shown, `and ${more} more`];
}

const tally = ({ results }: Report, status: Result['outcome']['status']): number =>
  results.filter((r) => r.outcome.status === status).length;

function summaryText(report: Report, ms: number): string {
  const word = report.inSync ? 'in sync' : 'not in sync';
  if (report.results.length === 0) return `${word}: nothing ${report.inSync ? 'to do' : 'could be done'}`;
  const failed = tally(report, 'failed');
  const blocked = tally(report, 'blocked');
  const parts = [
    `${count(tally(report, 'done'), 'operation')} done`,
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(blocked === 0 ? [] : [`${blocked} blocked`]),
  ];
  return `${word}: ${parts.join(', ')} in ${formatMs(ms)}`;
}

function summary({ report, triggers, ms }: PassEvent): LogRecord {
  return {
    level: report.results.length === 0 ? 'debug' : 'info',
    event: 'pass',
    message: summaryText(report, ms),
    fields: {
      triggers: [...new Set(triggers.map((t) => t.reason))].join(','),
      ms: Math.round(ms),
      generation: report.generation,
      remaining: report.remaining.length || undefined,
      waiting: report.waiting.length || undefined,
      op: commandsOf(report.results.filter((r) => r.outcome.status === 'done').map((r) => r.operation)),
    },
  };
}

function failure({ operation: o, outcome }: Result): LogRecord[] {
  if (outcome.status !== 'failed') return [];
  return [
    {
      level: 'warning',
      event: 'operation-failed',
      message: redact(outcome.message),
      fields: {
        object: `${o.kind}:${o.key}`,
        code: outcome.code,
        op: o.command,
        source: o.source && `${o.source.file}:${o.source.line}:${o.source.col}`,
      },
      lasting: `failed ${o.kind}:${o.key} ${outcome.code}`,
    },
  ];
}

/** What somebody wrote by hand was overwritten: whoever it was looks for it. */
const kept = ({ results }: Report): LogRecord[] =>
  results.flatMap(({ operation: { kind, key, keeps }, outcome }): LogRecord[] => {
    if (keeps === undefined || outcome.status !== 'done') return [];
    const message = `${key} was edited by hand, and is as the state file describes it again; the edit is kept as ${keeps}`;
    return [{ level: 'notice', event: 'edit-kept', message, fields: { object: `${kind}:${key}`, copy: keeps } }];
  });

/** What was done and stands undone again at the second look. */
function undone({ results, remaining }: Report): LogRecord[] {
  const done = new Set(
    results.filter((r) => r.outcome.status === 'done').map(({ operation: o }) => `${o.kind}:${o.key} ${o.command}`),
  );
  return remaining
    .filter((o) => done.has(`${o.kind}:${o.key} ${o.command}`))
    .map((o) => ({
      level: 'warning',
      event: 'operation-undone',
      message: `${o.kind} ${o.key} was set, and somebody undid it at once`,
      fields: { object: `${o.kind}:${o.key}`, op: o.command },
      lasting: `undone ${o.kind}:${o.key}`,
    }));
}

const inTheWay = ({ foreign }: Report): LogRecord[] =>
  foreign
    .filter((f) => f.blocking)
    .map((f) => ({
      level: 'warning',
      event: 'foreign-object',
      message: `${f.kind} ${f.key} is in the way: ${f.message}`,
      fields: { object: `${f.kind}:${f.key}` },
      lasting: `foreign ${f.kind}:${f.key}`,
    }));

export const describePass = (event: PassEvent): LogRecord[] => [
  summary(event),
  ...event.report.results.flatMap(failure),
  ...kept(event.report),
  ...undone(event.report),
  ...inTheWay(event.report),
];
