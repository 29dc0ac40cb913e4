// One problem of the state file, with its position and its cure; and its text for a terminal.
import { redact } from './redact.ts';

export interface Diagnostic {
  file: string;
  /** from 1 */
  line: number;
  /** from 1, in UTF-16 units as editors count */
  col: number;
  /** how many columns of the line the caret marks, at least 1 */
  length: number;
  severity: 'error' | 'warning';
  /** stable code for scripts: `unknown-key`, `host-bits` */
  code: string;
  message: string;
  /** the cure: what to write instead; if it starts with `run: `, a command */
  hint: string;
  /** `tunnels.wg222.address`; '' for the file as a whole */
  path: string;
}

/** By position; errors before warnings at the same position. */
export const compareDiagnostics = (a: Diagnostic, b: Diagnostic): number =>
  a.line - b.line || a.col - b.col || (a.severity < b.severity ? -1 : a.severity > b.severity ? 1 : 0);

/** Characters that would control the terminal, and the byte order mark. */
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

const MAX_SHOWN = 160;

/** The part of a long line around the caret. */
function clip(line: string, col: number): { shown: string; caret: number } {
  const start = col - 1 > MAX_SHOWN - 40 ? col - 41 : 0;
  const shown = line.slice(start, start + MAX_SHOWN);
  return { shown, caret: col - 1 - start };
}

function excerpt(d: Diagnostic, line: string): string[] {
  const { shown, caret } = clip(redact(line).replace(UNPRINTABLE, '?'), d.col);
  const gutter = String(d.line).padStart(4);
  const blank = shown.slice(0, caret).replace(/[^\t]/g, ' ').padEnd(caret);
  const marks = '^'.repeat(Math.max(1, Math.min(d.length, shown.length - caret)));
  return [`${gutter} | ${shown}`, `${' '.repeat(gutter.length)} | ${blank}${marks}`];
}

const advice = (hint: string): string => (hint.startsWith('run: ') ? `  ${hint}` : `  write: ${hint}`);

/** Several problems of one file; see formatDiagnostic. */
export function formatDiagnostics(list: readonly Diagnostic[], sourceText: string): string {
  const lines = sourceText.split(/\r?\n/);
  return list
    .map((d) => {
      const line = lines[d.line - 1];
      const head = `${d.file}:${d.line}:${d.col}: ${d.severity}[${d.code}]: ${d.message}`;
      return [
        head.replace(UNPRINTABLE, '?'),
        ...(line === undefined || sourceText === '' ? [] : excerpt(d, line)),
        advice(d.hint).replace(UNPRINTABLE, '?'),
      ].join('\n');
    })
    .join('\n\n');
}

/** `FILE:LINE:COL: error[CODE]: MESSAGE`, the line with a caret, and the cure; no newline at the end. */
export const formatDiagnostic = (d: Diagnostic, sourceText: string): string => formatDiagnostics([d], sourceText);
