// The filter in front of the control socket: payloads and keys in messages never pass it.
import { redact } from '../config/redact.ts';

/** Texts that come from outside: a program's complaint, a line of the state file. Commands name public keys, which may pass. */
const quoted = new Set(['message', 'errors', 'badState', 'reason', 'detail']);

const stars = (value: unknown): unknown => (typeof value === 'string' ? redact(value) : value);

function pass(key: string, value: unknown): unknown {
  if (value === undefined) return null;
  if (key === 'payload') return undefined;
  if (!quoted.has(key)) return value;
  return Array.isArray(value) ? value.map(stars) : stars(value);
}

/** On one line; a field without a value is null, so that the shape is always the same. */
export const publicJson = (value: object): string => JSON.stringify(value, pass);
