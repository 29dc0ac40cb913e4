// A path in words. Pure.
import type { Path } from './types.ts';

/** `10.69.2.9 by wg222 to 9.9.9.9 (internet) by eth0, table 254` */
export function describePath({ origin, destination, query, answer }: Path): string {
  const from = origin.iif === '' ? (query.from ?? 'this host') : `${query.from ?? ''} by ${origin.iif}`;
  const out =
    answer.verdict === 'forward' ? ` leaves by ${answer.dev}, table ${answer.table}` : ` is ${answer.verdict}`;
  return `${from} to ${query.to} (${destination.name})${out}`;
}
