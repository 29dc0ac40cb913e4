// What the daemon, or the host itself where none runs, says of its state: the daemon's lines stand behind the summary.
import type { StatusAnswer } from '../../daemon/sockets.ts';
import type { Style } from '../style.ts';
import { formatDaemon } from './daemon.ts';
import { formatStatus } from './status.ts';

/** @param now milliseconds since the epoch */
export function formatStatusAnswer(answer: StatusAnswer, now: number, style: Style): string {
  const text = formatStatus(answer, style);
  if (answer.daemon === undefined) return text;
  const [summary = '', ...rest] = text.split('\n');
  return [summary, ...formatDaemon(answer.daemon, now, style), ...rest].join('\n');
}
