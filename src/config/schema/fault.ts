// How a text of the state file is read: what it means, or what is wrong with it.
import type { Fault } from '../problem.ts';
import { redact } from '../redact.ts';

export interface Reader<T> {
  (text: string): T | Fault;
  /** for the JSON Schema; lets through all that can be read */
  readonly pattern: string;
}

export const reader = <T>(pattern: string, read: (text: string) => T | Fault): Reader<T> =>
  Object.assign((text: string) => read(text), { pattern });

/** Of a text that stays as it is. */
export const patterned = (pattern: string, check: (text: string) => Fault | undefined): Reader<string> =>
  reader(pattern, (text) => check(text) ?? text);

export const fault = (code: string, message: string, hint: string): Fault => ({ code, message, hint });

/** Somebody's text as a message repeats it. */
export const shown = (text: string): string => {
  const safe = redact(text);
  return safe.length > 60 ? `${safe.slice(0, 57)}...` : safe;
};
