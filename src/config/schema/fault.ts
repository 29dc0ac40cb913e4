// Readers for texts of the state file: each returns the value of a text, or its fault.
import type { Fault } from '../problem.ts';
import { redact } from '../redact.ts';

export interface Reader<T> {
  (text: string): T | Fault;
  /** for the JSON Schema; accepts every text that can be read */
  readonly pattern: string;
}

export const reader = <T>(pattern: string, read: (text: string) => T | Fault): Reader<T> =>
  Object.assign((text: string) => read(text), { pattern });

/** A reader whose value is the text itself. */
export const patterned = (pattern: string, check: (text: string) => Fault | undefined): Reader<string> =>
  reader(pattern, (text) => check(text) ?? text);

export const fault = (code: string, message: string, hint: string): Fault => ({ code, message, hint });

/** A text of the file as a message shows it. */
export const shown = (text: string): string => {
  const safe = redact(text);
  return safe.length > 60 ? `${safe.slice(0, 57)}...` : safe;
};
