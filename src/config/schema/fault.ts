// How a check of one text answers.
import type { Fault } from '../problem.ts';
import { redact } from '../redact.ts';

export interface Check {
  (text: string): Fault | undefined;
  /** for the JSON Schema; lets through all that the check does */
  readonly pattern?: string;
}

export const patterned = (pattern: string, check: (text: string) => Fault | undefined): Check =>
  Object.assign((text: string) => check(text), { pattern });

export const fault = (code: string, message: string, hint: string): Fault => ({ code, message, hint });

/** Somebody's text as a message repeats it. */
export const shown = (text: string): string => {
  const safe = redact(text);
  return safe.length > 60 ? `${safe.slice(0, 57)}...` : safe;
};
