// One record as one line for the journal: `<4>EVENT: MESSAGE key=value key="other value"`.
import type { FieldValue, LogRecord } from './record.ts';
import { priorities } from './record.ts';

/** Line breaks, control characters and those that turn the direction of writing. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu;

/** A plain value as it is, any other as JSON. */
function valueText(value: FieldValue): string {
  const text = typeof value === 'object' ? value.join('; ') : String(value);
  const clean = text.replaceAll(UNPRINTABLE, ' ');
  return /^[^\s"=\\]+$/.test(clean) ? clean : JSON.stringify(clean);
}

/** For people who read it as it comes. No newline at the end. */
export function plainLine({ event, message, fields }: LogRecord): string {
  const pairs = Object.entries(fields).flatMap(([key, value]) =>
    value === undefined || (Array.isArray(value) && value.length === 0) ? [] : [`${key}=${valueText(value)}`],
  );
  return [`${event}: ${message.replaceAll(UNPRINTABLE, ' ')}`, ...pairs].join(' ');
}

/** sd-daemon(3): the number in front is the priority and does not show. */
export const journalLine = (record: LogRecord): string => `<${priorities[record.level]}>${plainLine(record)}`;
