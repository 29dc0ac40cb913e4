// OSPF area numbers: BIRD reads `0` and `0.0.0.0` as the same area, so here they are one text.
import { addressBytes, canonicalAddress, familyOf } from './ip.ts';

/** Decimal text of an area given as a number, its digits or a dotted quad; undefined where it is neither, or over 32 bits. */
export function canonicalArea(value: number | string): string | undefined {
  if (typeof value === 'string' && /^\d{1,10}$/.test(value)) return canonicalArea(Number(value));
  if (typeof value === 'number') {
    return Number.isInteger(value) && value >= 0 && value <= 0xffffffff ? String(value) : undefined;
  }
  const address = canonicalAddress(value);
  if (address === undefined || familyOf(address) !== 4) return undefined;
  return String(addressBytes(address).reduce((sum, byte) => sum * 256 + byte, 0));
}
