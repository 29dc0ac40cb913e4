// One picture of `wgospf watch`: the status on top, the latest events below, cut to the size of the screen. Pure.
import { stripVTControlCharacters } from 'node:util';
import type { StatusAnswer } from '../../daemon/sockets.ts';
import type { EventLine } from '../../log/public-event.ts';
import { formatClock } from '../../net/units.ts';
import { formatStatusAnswer } from '../format/status-answer.ts';
import type { Style } from '../style.ts';

export interface SeenLine extends EventLine {
  /** milliseconds since the epoch at which it arrived */
  readonly at: number;
}

export interface View {
  /** the latest one that came; undefined before the first */
  readonly answer: StatusAnswer | undefined;
  /** why there is no newer one */
  readonly problem: string | undefined;
  /** oldest first */
  readonly lines: readonly SeenLine[];
  /** milliseconds since the epoch */
  readonly now: number;
  readonly columns: number;
  readonly rows: number;
  readonly style: Style;
}

const MIN_EVENTS = 5;

/** The first columns of a line; colours take no room and end with it. */
function cut(line: string, columns: number): string {
  if (stripVTControlCharacters(line).length <= columns) return line;
  const parts = line.split(/(\u001b\[[\d;]*m)/);
  let room = columns;
  const kept = parts.map((part, i) => {
    if (i % 2 === 1) return part;
    const shown = part.slice(0, room);
    room -= shown.length;
    return shown;
  });
  return kept.join('');
}

/** `19:40:12 repaired: route ... is back after 11 ms` */
export function formatSeen({ at, level, event, message }: SeenLine, style: Style): string {
  const paint = { err: style.bad, warning: style.warn, notice: style.change, info: String, debug: style.faint }[level];
  return paint(`${formatClock(at)} ${event}: ${message.replaceAll(/[\s\p{Cc}]+/gu, ' ')}`);
}

function body({ answer, now, style }: View): string[] {
  return answer === undefined ? [] : formatStatusAnswer(answer, now, style).split('\n');
}

/** Exactly as many lines as there are rows. */
export function renderView(view: View): string[] {
  const { lines, problem, now, columns, rows, style } = view;
  const head = [`${style.heading('wgospf watch')}  ${formatClock(now)}  ${style.faint('q: quit')}`];
  if (problem !== undefined) head.push(style.bad(problem));
  const status = body(view);
  const room = Math.max(0, rows - head.length - 1);
  const forStatus = Math.min(status.length, Math.max(room - MIN_EVENTS - 1, 0));
  const shown = status.slice(0, forStatus);
  if (forStatus > 0 && forStatus < status.length) {
    shown[forStatus - 1] = style.faint(`... ${status.length - forStatus + 1} more lines: wgospf status`);
  }
  const forEvents = Math.max(0, room - forStatus - 1);
  const events = forEvents === 0 ? [] : lines.slice(-forEvents).map((line) => formatSeen(line, style));
  const picture = [...head, '', ...shown, '', ...events].slice(0, rows);
  return [...picture, ...Array.from({ length: rows - picture.length }, () => '')].map((line) => cut(line, columns));
}
