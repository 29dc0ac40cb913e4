// Which prefixes of a list lie inside another one, without comparing every pair. Two prefixes are nested or disjoint, never
// partly overlapping, so one pass in the order of their first addresses finds each.
import { addressBytes, addressFromBytes, lastOf, networkOf } from './ip.ts';
import type { Prefix } from './ip.ts';

const hex = (address: string): string =>
  [...addressBytes(address)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

interface Range {
  readonly index: number;
  readonly family: number;
  readonly first: string;
  readonly last: string;
}

const compare = (a: Range, b: Range): number => {
  if (a.family !== b.family) return a.family - b.family;
  if (a.first !== b.first) return a.first < b.first ? -1 : 1;
  // the wider one first; of equal ones the one that was named first
  return a.last !== b.last ? (a.last > b.last ? -1 : 1) : a.index - b.index;
};

/** Index pairs [outer, inner], one for each prefix that lies in another: the narrowest around it. Host bits do not count. */
export function nestedPrefixes(list: readonly Prefix[]): [outer: number, inner: number][] {
  const ranges = list
    .map((p, index): Range => {
      const net = networkOf(p);
      return { index, family: p.family, first: hex(net.address), last: hex(lastOf(net)) };
    })
    .sort(compare);
  const around: Range[] = [];
  const pairs: [number, number][] = [];
  for (const range of ranges) {
    const inside = (outer: Range): boolean => outer.family === range.family && outer.last >= range.last;
    while (around.length > 0 && !around.slice(-1).every(inside)) around.pop();
    const outer = around.at(-1);
    if (outer !== undefined) pairs.push([outer.index, range.index]);
    around.push(range);
  }
  return pairs;
}

/** The network of the same length that follows; undefined at the end of the address space. */
export function nextNetwork(p: Prefix): Prefix | undefined {
  const bytes = addressBytes(lastOf(p));
  for (let i = bytes.length - 1; i >= 0; i--) {
    const sum = (bytes[i] ?? 0) + 1;
    bytes[i] = sum & 0xff;
    if (sum <= 0xff) return { ...p, address: addressFromBytes(bytes) };
  }
  return undefined;
}
