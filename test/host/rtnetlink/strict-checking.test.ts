// When the kernel is told to check requests strictly, for which a program is started.
import { expect, test } from 'vitest';
import { encodeLinkDump } from '../../../src/host/rtnetlink/link.ts';
import { encodeRouteDump } from '../../../src/host/rtnetlink/route.ts';
import { createStrictness, routesIn } from '../../../src/host/rtnetlink/strict-checking.ts';

const listing = encodeRouteDump({ family: 4, table: 2, protocol: 0, ifindex: 0 });

function strictness(routes: () => number): { asked: number[]; send: (message: Buffer) => void } {
  const asked: number[] = [];
  return { asked, send: createStrictness(() => 77, { routes, ask: (port) => void asked.push(port) }) };
}

test('few routes are listed without a program', () => {
  const { asked, send } = strictness(() => 1_000);
  for (let i = 0; i < 3; i++) send(listing);
  expect(asked).toEqual([]);
});

test('many routes are listed strictly, for which a program is started once', () => {
  let routes = 10;
  const { asked, send } = strictness(() => routes);
  send(listing);
  routes = 1_001;
  for (let i = 0; i < 3; i++) send(listing);
  expect(asked).toEqual([77]);
});

test('a listing of links counts no routes', () => {
  const { asked, send } = strictness(() => Infinity);
  send(encodeLinkDump());
  expect(asked).toEqual([]);
});

/** Of Linux 6.18, with one route in table 2. */
const TRIES = `Basic info: size of leaf: 48 bytes, size of tnode: 40 bytes.
Id 2:
\tAver depth:     0.00
\tMax depth:      0
\tLeaves:         1
\tPrefixes:       1
\tInternal nodes: 0
\t
\tPointers: 0
Null ptrs: 0
Total size: 1  kB
Local:
\tAver depth:     2.40
\tMax depth:      3
\tLeaves:         5
\tPrefixes:       12
\tInternal nodes: 4
\t  1: 1  2: 3
\tPointers: 14
Null ptrs: 6
Total size: 1  kB
`;

test('routes of all IPv4 tables and of IPv6 are counted', () => {
  expect(routesIn(TRIES, '0009 0006 0035 0018 0000 0000 0000\n')).toBe(1 + 12 + 0x18);
});

test('routes that the kernel does not count are many', () => {
  expect(routesIn('', '0009 0006 0035 0018 0000 0000 0000\n')).toBe(Infinity);
  expect(routesIn(TRIES, '')).toBe(Infinity);
});
