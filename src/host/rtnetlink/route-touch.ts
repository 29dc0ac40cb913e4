// Selects the relevant routes of a dump by their bytes: a host may have a million routes that are not ours, and making an object
// for each of them would cost more than the rest of a pass.
import { networkOf, type Family } from '../../net/ip.ts';
import type { RouteTouch } from '../types.ts';
import { align, attributeAt, readAttributes, readU32, valueEnd } from './attributes.ts';
import * as nl from './constants.ts';
import { addressSize, encodeAddress } from './ip-bytes.ts';
import type { Message } from './message.ts';
import { BODY } from './route.ts';

const table = new Uint32Array(32);
/** struct rtnexthop */
const HOP = 8;

interface WirePrefix {
  readonly length: number;
  readonly network: Uint8Array;
}

/** A RouteTouch for one family, with indexes of links instead of names. */
export interface WireTouch {
  readonly defaults: boolean;
  readonly inside: readonly WirePrefix[];
  readonly links: ReadonlySet<number>;
  readonly size: number;
}

export const wireTouch = (
  { inside = [], defaults }: RouteTouch,
  family: Family,
  links: ReadonlyMap<string, number>,
): WireTouch => ({
  defaults: defaults === true,
  inside: inside
    .filter((prefix) => prefix.family === family)
    .map((prefix) => ({ length: prefix.length, network: encodeAddress(networkOf(prefix).address) })),
  links: new Set(links.values()),
  size: addressSize(family),
});

/** Whether no route can match, so that the kernel need not be asked. */
export const isEmptyTouch = ({ defaults, inside, links }: WireTouch): boolean =>
  !defaults && inside.length === 0 && links.size === 0;

/** Decides for most routes by the prefix length and one read of the attributes. */
export function touches({ bytes, start, end }: Message, { defaults, inside, links, size }: WireTouch): boolean {
  const length = bytes.readUInt8(start + 1);
  if (defaults && length === 0) return true;
  const longEnough = inside.some((prefix) => prefix.length <= length);
  if (!longEnough && links.size === 0) return false;
  readAttributes(bytes, start + BODY, end, table);
  const dst = attributeAt(bytes, table, nl.RTA_DST, size);
  return inside.some((prefix) => prefix.length <= length && isInside(bytes, dst, prefix)) || leadsBy(bytes, links);
}

/** @param dst offset of the destination's bytes; 0: none, which means the default route */
function isInside(bytes: Buffer, dst: number, { length, network }: WirePrefix): boolean {
  if (length === 0) return true;
  if (dst === 0) return false;
  const whole = length >> 3;
  for (let at = 0; at < whole; at++) if (bytes[dst + at] !== network[at]) return false;
  const rest = length & 7;
  return rest === 0 || (bytes.readUInt8(dst + whole) ^ (network[whole] ?? 0)) >> (8 - rest) === 0;
}

function leadsBy(bytes: Buffer, links: ReadonlySet<number>): boolean {
  if (links.size === 0) return false;
  const hops = table[nl.RTA_MULTIPATH] ?? 0;
  if (hops === 0) return links.has(readU32(bytes, table, nl.RTA_OIF) ?? 0);
  const end = valueEnd(bytes, hops);
  for (let at = hops; at + HOP <= end; at += align(Math.max(HOP, bytes.readUInt16LE(at))))
    if (links.has(bytes.readInt32LE(at + 4))) return true;
  return false;
}
