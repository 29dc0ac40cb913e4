// Durations as operators type them.
import { InvalidArgumentError } from 'commander';
import { MAX_HOLD_MS } from '../daemon/sockets.ts';

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `10m`, `2h`, `1d` in milliseconds; anything else is a usage error. */
export function parseDuration(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,7})(s|m|min|h|d)$/.exec(text) ?? [];
  const ms = Number(number) * (units[unit] ?? 0);
  if (ms > 0 && ms <= MAX_HOLD_MS) return ms;
  throw new InvalidArgumentError('Write a number with s, m, h or d, at most a week: 30s, 10m, 1h.');
}
