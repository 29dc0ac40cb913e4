// The one place where daemon events become lines.
import { pino } from 'pino';
import type { Emit } from '../daemon/types.ts';
import { describe } from './describe.ts';
import { journalLine, plainLine } from './journal-line.ts';
import { type Level, type LogRecord, priorities } from './record.ts';

/** `journal`: lines for people, with the priority in front; `plain`: without it; `json`: one object a line, for machines */
export type LogFormat = 'journal' | 'plain' | 'json';

export interface LoggerOptions {
  readonly format: LogFormat;
  /** the least important level that is written */
  readonly level: Level;
  /** receives one line without its newline */
  readonly write: (line: string) => void;
}

/** pino's numbers grow with severity; those of syslog fall. */
const severities = Object.fromEntries(Object.entries(priorities).map(([name, n]) => [name, 10 * (8 - n)])) as Record<
  Level,
  number
>;

/** pino filters by level, and writes JSON; a journal line goes past its writer. */
function makeWriter({ format, level, write }: LoggerOptions): (record: LogRecord) => void {
  const logger = pino<Level>(
    {
      base: null,
      level,
      customLevels: severities,
      useOnlyCustomLevels: true,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (name) => ({ level: name, priority: priorities[name as Level] }) },
    },
    { write: (line) => write(line.trimEnd()) },
  );
  return (record) => {
    const { level: name, event, message, fields } = record;
    if (format === 'json') logger[name]({ event, ...fields }, message);
    else if (logger.isLevelEnabled(name)) write(format === 'plain' ? plainLine(record) : journalLine(record));
  };
}

/** Lasting states that the last pass reported are repeated only at `debug`. */
function makeQuiet(): (records: readonly LogRecord[], isPass: boolean) => readonly LogRecord[] {
  let reported: ReadonlySet<string> = new Set();
  return (records, isPass) => {
    const before = reported;
    if (isPass) reported = new Set(records.flatMap(({ lasting }) => lasting ?? []));
    return records.map((r) => (r.lasting !== undefined && before.has(r.lasting) ? { ...r, level: 'debug' } : r));
  };
}

export function createLogger(options: LoggerOptions): Emit {
  const quiet = makeQuiet();
  const put = makeWriter(options);
  return (event) => quiet(describe(event), event.type === 'pass').forEach(put);
}
