// The own and far addresses of one link, by family.
import { canonicalAddress, familyOf, farAddress } from '../net/ip.ts';
import type { Family, Prefix } from '../net/ip.ts';
import { prefix } from './prefixes.ts';
import type { AddressState } from './state.ts';

/** What may be said as one or as a list, as a list. */
export const listOf = <T>(said: T | readonly T[] | undefined): readonly T[] =>
  said === undefined ? [] : Array.isArray(said) ? (said as readonly T[]) : [said as T];

export const ofFamily = (list: readonly Prefix[], family: Family): Prefix | undefined =>
  list.find((p) => p.family === family);

/** IPv4 first. */
export const ownAddresses = (said: AddressState | undefined): Prefix[] =>
  listOf(said)
    .map(prefix)
    .sort((a, b) => a.family - b.family);

/** The far end of each family: as it is said, else as it follows from our address; IPv4 first. */
export function farAddresses(said: AddressState | undefined, own: readonly Prefix[]): string[] {
  const named = listOf(said).map((address) => canonicalAddress(address) ?? address);
  return ([4, 6] as const).flatMap((family) => {
    const address = ofFamily(own, family);
    return named.find((a) => familyOf(a) === family) ?? (address && farAddress(address)) ?? [];
  });
}
