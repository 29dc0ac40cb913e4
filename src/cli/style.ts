// ANSI colours by meaning. Plain text wherever the reader is no terminal or asked for none (no-color.org).
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

/** NO_COLOR counts only where it is not empty (no-color.org); a `dumb` terminal shows escapes as they are. */
export const wantsColour = (isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean =>
  isTerminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';

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
