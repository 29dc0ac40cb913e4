// How a check of one text answers.
import type { Fault } from '../problem.ts';
import { redact } from '../redact.ts';

export type Check = (text: string) => Fault | undefined;

export const fault = (code: string, message: string, hint: string): Fault => ({ code, message, hint });

/** Somebody's text as a message repeats it. */
export const shown = (text: string): string => {
  const safe = redact(text);
  return safe.length > 60 ? `${safe.slice(0, 57)}...` : safe;
};
