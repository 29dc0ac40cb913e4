// Texts that the checks of the state file have passed, as canonical prefixes.
import { compareText } from '../net/compare-text.ts';
import { formatPrefix, parsePrefix } from '../net/ip.ts';
import type { Prefix } from '../net/ip.ts';

/** Throws on a text that is no prefix: a check of src/config is missing then. */
export function prefix(text: string): Prefix {
  const parsed = parsePrefix(text);
  if (parsed === undefined) throw new TypeError(`unchecked prefix ${text}`);
  return parsed;
}

/** Without duplicates, in the order of compareText over their canonical texts. */
export function distinct(list: readonly Prefix[]): Prefix[] {
  const byText = new Map(list.map((p) => [formatPrefix(p), p]));
  return [...byText].sort(([a], [b]) => compareText(a, b)).map(([, p]) => p);
}

export const prefixes = (texts: readonly string[]): Prefix[] => distinct(texts.map(prefix));
