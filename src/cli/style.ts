// ANSI colours by meaning. Plain text if the reader is not a terminal or wants none (no-color.org).
import { styleText } from 'node:util';

export interface Style {
  readonly add: (text: string) => string;
  readonly change: (text: string) => string;
  readonly remove: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly heading: (text: string) => string;
  readonly faint: (text: string) => string;
}

/** Values that mean `no` for FORCE_COLOR (node's tty.WriteStream.getColorDepth, and most that read it). */
const NO = ['0', 'false'];

/**
 * FORCE_COLOR and NO_COLOR count only where they are not empty (force-color.org, no-color.org), and of both the former, as in node;
 * a `dumb` terminal shows escapes as they are.
 */
export function wantsColour(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  const forced = env['FORCE_COLOR'] ?? '';
  if (forced !== '') return !NO.includes(forced);
  return isTerminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}

export function makeStyle(colour: boolean): Style {
  const paint = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    colour ? styleText(format, text, { validateStream: false }) : text;
  return {
    add: paint('green'),
    change: paint('yellow'),
    remove: paint('red'),
    good: paint('green'),
    bad: paint('red'),
    warn: paint('yellow'),
    heading: paint('bold'),
    faint: paint('dim'),
  };
}
