// `ospf.bfd`: BIRD's own settings, in milliseconds.
import * as z from 'zod';
import { DEFAULT_BFD } from '../../model/defaults.ts';
import type { Fault } from '../problem.ts';
import { field, integer } from './field.ts';

/** Milliseconds: less than 10 is shorter than two scheduling periods of a busy router. */
const FLOOR = 10;

function withUnit(name: string, value: unknown): Fault | undefined {
  const [, count, unit] = (typeof value === 'string' && /^(\d+) *(ms|s)$/.exec(value)) || [];
  if (count === undefined) return undefined;
  const hint = `${name}: ${Number(count) * (unit === 's' ? 1000 : 1)}`;
  return { code: 'wrong-type', message: `\`${name}\` is a plain number of milliseconds`, hint };
}

const milliseconds = (name: string, description: string): z.ZodOptional<z.ZodInt> =>
  integer(FLOOR, 60000, {
    description: `${description} Milliseconds.`,
    example: 500,
    clamp: true,
    explain: (value) => withUnit(name, value),
  }).optional();

export const bfd = field(
  z.union([
    z.boolean(),
    z.strictObject({
      interval: milliseconds('interval', 'Both of the next two.'),
      minRxInterval: milliseconds('minRxInterval', 'Packets of the far end may come no faster. Default: 500.'),
      minTxInterval: milliseconds('minTxInterval', 'We send no faster while the session is up. Default: 500.'),
      idleTxInterval: milliseconds('idleTxInterval', 'And while it is not. Default: 1000.'),
      multiplier: integer(1, 255, {
        description: 'Number of lost packets in a row that ends the session. Default: 5.',
        example: DEFAULT_BFD.multiplier,
        clamp: true,
      }).optional(),
    }),
  ]),
  {
    description:
      'BFD (RFC 5881) tells of a dead link in seconds instead of the dead interval; both ends must have it. Default: off.',
    example: { interval: 500, multiplier: 5 },
    expects: 'true, false, or a map of interval, multiplier and others',
  },
);
