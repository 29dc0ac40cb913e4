// ip(8) as the second opinion: makes objects, and shows what the kernel holds.
import { execFileSync } from 'node:child_process';
import { parsePrefix, type Prefix } from '../../../src/net/ip.ts';
import { isHostError } from '../../../src/host/error.ts';

/** `ip` with the words of one command line. */
export const ip = (line: string): string => execFileSync('ip', line.split(' '), { encoding: 'utf8' });

/** What `ip -j` prints; an empty list prints nothing. */
export const ipJson = (line: string): Record<string, unknown>[] =>
  JSON.parse(ip(`-j ${line}`) || '[]') as Record<string, unknown>[];

/** Many commands by one process. */
export const ipBatch = (lines: readonly string[]): string =>
  execFileSync('ip', ['-batch', '-'], { input: lines.join('\n'), encoding: 'utf8' });

/** Only these fields of each, as `ip -j` has many. */
export const pick = (items: readonly Record<string, unknown>[], ...fields: readonly string[]): object[] =>
  items.map((item) => Object.fromEntries(fields.filter((f) => item[f] !== undefined).map((f) => [f, item[f]])));

export function prefix(text: string): Prefix {
  const parsed = parsePrefix(text);
  if (parsed === undefined) throw new Error(`${text} is no prefix`);
  return parsed;
}

/** `done`, or the code of the HostError. */
export const code = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    (error: unknown) => (isHostError(error) ? error.code : String(error)),
  );
