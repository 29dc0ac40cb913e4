// Starts of packets: the common parts. Pure.
import type { RouterModel } from '../model/types.ts';
import { contains, type Family, type Prefix } from '../net/ip.ts';
import { isLinkLocal } from '../net/link-local.ts';
import { BOGONS, INTERNET, LINK_LOCAL, neighbourOf } from './addresses.ts';
import { isMesh, type Aim } from './destinations.ts';
import type { Ground, Origin } from './types.ts';

export interface Start extends Origin {
  /** the packet's source; undefined: the kernel chooses one */
  readonly from: string | undefined;
  readonly mark?: number;
  /** whether a destination is worth a probe */
  readonly asks: (aim: Aim) => boolean;
}

const firstOnes = new WeakMap<Ground, ReadonlyMap<string, Prefix>>();

/** The first address of an interface in a family, without link-local ones; undefined if it has none. */
export function addressOf(ground: Ground, name: string, family: Family): Prefix | undefined {
  const known = firstOnes.get(ground) ?? firstAddresses(ground);
  firstOnes.set(ground, known);
  return known.get(`${family} ${name}`);
}

const firstAddresses = ({ addresses }: Ground): ReadonlyMap<string, Prefix> =>
  new Map(
    addresses
      .filter(({ prefix }) => !isLinkLocal(prefix.address))
      .toReversed()
      .map(({ dev, prefix }) => [`${prefix.family} ${dev}`, prefix]),
  );

/** A host of the mesh; a private address if the mesh has no network of the family. */
export function meshHost(model: RouterModel, family: Family): string | undefined {
  const prefix = model.mesh.prefixes.find((p) => p.family === family);
  return prefix === undefined ? BOGONS[family][0] : neighbourOf(prefix);
}

/** A host of a transit network; undefined with an exit, which is open to every host. */
export function transitHost({ mesh }: RouterModel, family: Family): string | undefined {
  const transit = mesh.exit ? undefined : mesh.transit.find((p) => p.family === family);
  return transit && (neighbourOf(transit) ?? transit.address);
}

/** Sources outside the mesh, one per class that a rule can match. The destinations of the same class use other addresses. */
export function strangers(model: RouterModel, family: Family): { readonly name: string; readonly from: string }[] {
  const outside = (address: string): boolean => !isMesh(model, address);
  const last = (addresses: readonly string[]): string | undefined => addresses.filter(outside).at(-1);
  const found = {
    private: last(BOGONS[family]),
    public: last(INTERNET[family]),
    'link-local': family === 4 && outside(LINK_LOCAL) ? LINK_LOCAL : undefined,
  };
  return Object.entries(found).flatMap(([name, from]) => (from === undefined ? [] : [{ name, from }]));
}

/** Whether the destination is not one of the many of its class. */
export const isPlain = (aim: Aim): boolean => aim.further !== true;

export const isInside = (prefixes: readonly Prefix[], address: string): boolean =>
  prefixes.some((prefix) => contains(prefix, address));
