// Packets that arrive on an interface of the mesh, and packets that the host itself sends from a mesh address or in the mesh's VRF. Pure.
import { vrfOf } from '../model/sides.ts';
import type { RouterModel } from '../model/types.ts';
import type { Family } from '../net/ip.ts';
import { MESH_MARK } from '../net/names.ts';
import { neighbourOf } from './addresses.ts';
import type { Aim } from './destinations.ts';
import { addressOf, isInside, isPlain, meshHost, strangers, transitHost, type Start } from './starts.ts';
import type { Ground } from './types.ts';

/** The mark that nftables sets on packets from the mesh, for `match: mark`. */
const MARK = Number.parseInt(MESH_MARK, 16);

/** With `match: mark`, the packet with the mark, and without it, as after somebody has flushed the ruleset. */
const bothWays = ({ mesh }: RouterModel, start: Start): Start[] =>
  mesh.match === 'mark'
    ? [
        { ...start, mark: MARK },
        { ...start, name: `${start.name}, unmarked` },
      ]
    : [start];

/** For a source outside the mesh: unknown hosts and endpoints would add no new question. */
const asksStranger = (aim: Aim): boolean => isPlain(aim) && aim.name !== 'endpoint' && !aim.name.endsWith(' unknown');

/** @param first whether this interface represents all of the mesh for questions that depend only on the destination */
function bySource(model: RouterModel, ground: Ground, name: string, first: boolean, family: Family): Start[] {
  const address = addressOf(ground, name, family);
  const from = (address && neighbourOf(address)) ?? meshHost(model, family);
  const shared = { side: 'mesh', iif: name } as const;
  const open = transitHost(model, family);
  return [
    ...(from === undefined ? [] : [{ ...shared, name, from, asks: first ? () => true : isPlain }]),
    ...(open === undefined || (from !== undefined && isInside(model.mesh.transit, from))
      ? []
      : [{ ...shared, name: `${name}, transit`, from: open, asks: isPlain }]),
    ...strangers(model, family).map(({ name: what, from: source }) => ({
      ...{ ...shared, name: `${name}, ${what}`, of: name, from: source, asks: asksStranger },
    })),
  ];
}

/** One of the host's own addresses for each mesh network. */
function ownAddresses({ mesh: { prefixes } }: RouterModel, { addresses, mesh }: Ground, family: Family): string[] {
  const own = addresses
    .filter(({ dev, prefix }) => mesh.has(dev) && prefix.family === family)
    .map(({ prefix }) => prefix.address);
  const found = prefixes.map((p) => own.find((address) => isInside([p], address)));
  return [...new Set(found.filter((address) => address !== undefined))];
}

export function meshStarts(model: RouterModel, ground: Ground, family: Family): Start[] {
  const up = ground.links.filter(({ up: isUp, name }) => isUp && ground.mesh.has(name)).map(({ name }) => name);
  return [
    ...up
      .flatMap((name, i) => bySource(model, ground, name, i === 0, family))
      .flatMap((start) => bothWays(model, start)),
    ...ownAddresses(model, ground, family).map((from, i): Start => {
      const asks = i === 0 ? (): boolean => true : isPlain;
      return { name: `this host by ${from}`, side: 'mesh', iif: '', from, asks };
    }),
    ...up.filter((name) => name === vrfOf(model)).map(bound),
  ];
}

/** A socket of this host that is bound to a VRF device. A socket bound to another interface sends only over that one: no question. */
const bound = (oif: string): Start => ({
  ...{ name: `this host in ${oif}`, side: 'mesh', iif: '', oif, from: undefined, asks: isPlain },
});
