// Notices beside the operations of a plan or report: waiting operations, foreign objects, conditions.
import type { PublicWaiting } from '../../engine/public.ts';
import type { Condition, Foreign } from '../../engine/types.ts';
import type { Style } from '../style.ts';
import { formatOperation } from './operation.ts';

export interface Notices {
  readonly waiting: readonly PublicWaiting[];
  readonly foreign: readonly Foreign[];
  readonly conditions: readonly Condition[];
}

const section = (title: string, lines: readonly string[], style: Style): string[] =>
  lines.length === 0 ? [] : [style.heading(title), ...lines.map((line) => `  ${line}`)];

const foreignLine = (f: Foreign, style: Style): string => {
  const line = `${f.kind} ${f.key}: ${f.message}`;
  return f.blocking ? style.bad(`${line} (in the way)`) : line;
};

/** `warning no-guard mesh: ...`, in the colour of its severity */
export function formatCondition(c: Condition, style: Style): string {
  const paint = { info: style.faint, warning: style.warn, error: style.bad }[c.severity];
  return `${paint(c.severity)} ${c.code} ${c.subject}: ${c.message}`;
}

/** Lines under one heading each; no heading without lines. */
export function formatNotices({ waiting, foreign, conditions }: Notices, style: Style): string[] {
  return [
    ...section(
      'waiting',
      waiting.map((w) => formatOperation(w.operation, style, `waits for ${w.missing}`)),
      style,
    ),
    ...section(
      'foreign, left alone',
      foreign.map((f) => foreignLine(f, style)),
      style,
    ),
    ...section(
      'conditions',
      conditions.map((c) => formatCondition(c, style)),
      style,
    ),
  ];
}
