// Builds lines of bird.conf: tabs, blocks, and what differs between BIRD 1.6 and 2 or 3. Pure.
import type { BirdDialect } from '../../model/types.ts';
import type { Family } from '../../net/ip.ts';

export const indent = (lines: readonly string[]): string[] => lines.map((line) => `\t${line}`);

/** `HEAD {`, the lines inside, and the end: `}` for a protocol, `};` within one. */
export const block = (head: string, lines: readonly string[], end = '};'): string[] => [
  `${head} {`,
  ...indent(lines),
  end,
];

export const protocol = (head: string, lines: readonly string[]): string[] => block(`protocol ${head}`, lines, '}');

/** Import and export are in a channel; a daemon of 1.6 has one family and no channels. */
export function channel(dialect: BirdDialect, family: Family, lines: readonly string[]): string[] {
  if (dialect === '1.6') return [...lines];
  return lines.length === 0 ? [`ipv${family};`] : block(`ipv${family}`, lines);
}
