// What a line of the log is made of, whatever its form.

/** Priorities of syslog(3), as sd-daemon(3) takes them at the start of a line. */
export const priorities = { err: 3, warning: 4, notice: 5, info: 6, debug: 7 } as const;

export type Level = keyof typeof priorities;

export type FieldValue = string | number | readonly string[];

export interface LogRecord {
  readonly level: Level;
  /** stable word for scripts: `repaired`, `operation-failed` */
  readonly event: string;
  /** one sentence for the operator */
  readonly message: string;
  /** undefined ones are left out */
  readonly fields: Readonly<Record<string, FieldValue | undefined>>;
  /** names a state that lasts over passes (a failing operation): reported once, then only at `debug` until it ends */
  readonly lasting?: string;
}
