// Every question worth asking: from each interface and from this host itself, to each class of destination of the other
// side and of the mesh, in both families. Pure.
import { vrfOf } from '../model/sides.ts';
import type { RouterModel } from '../model/types.ts';
import { contains, type Family, type Prefix } from '../net/ip.ts';
import { isLinkLocal } from '../net/link-local.ts';
import { MESH_MARK } from '../net/names.ts';
import { BOGONS, destinations, neighbourOf, type Aim } from './destinations.ts';
import { meshNames } from './mesh-names.ts';
import type { Ground, Origin, Probe } from './types.ts';

/** A packet as nftables has marked it, where rules look for that. */
const MARK = Number.parseInt(MESH_MARK, 16);

interface Start extends Origin {
  /** the packet's source; undefined: the kernel chooses one */
  readonly from: string | undefined;
  readonly mark?: number;
}

/** The addresses of an interface that packets come from and go to; an interface may have none in a family. */
const addressOf = ({ addresses }: Ground, name: string, family: Family): Prefix | undefined =>
  addresses.find(({ dev, prefix }) => dev === name && prefix.family === family && !isLinkLocal(prefix.address))?.prefix;

/** Some host of the mesh; of a family that the mesh has no network in, some private address. */
function meshHost(model: RouterModel, family: Family): string | undefined {
  const prefix = model.mesh.prefixes.find((p) => p.family === family);
  return prefix === undefined ? BOGONS[family][0] : neighbourOf(prefix);
}

function meshStarts(model: RouterModel, ground: Ground, family: Family): Start[] {
  const up = ground.links.filter((link) => link.up).map(({ name }) => name);
  const mesh = meshNames(model);
  const own = ground.addresses.find(
    ({ dev, prefix }) =>
      mesh.has(dev) && model.mesh.prefixes.some((p) => contains(p, prefix.address)) && prefix.family === family,
  )?.prefix.address;
  return [
    ...up
      .filter((name) => mesh.has(name))
      .flatMap((name): Start[] => {
        const address = addressOf(ground, name, family);
        const from = (address && neighbourOf(address)) ?? meshHost(model, family);
        return from === undefined ? [] : [{ name, side: 'mesh', iif: name, from }];
      })
      .flatMap((start) => [start, ...transitStarts(model, start, family)])
      .flatMap((start) => bothWays(model, start)),
    ...(own === undefined ? [] : [{ name: `this host by ${own}`, side: 'mesh' as const, iif: '', from: own }]),
    ...up
      .filter((name) => name === vrfOf(model))
      .map((oif): Start => ({ name: `this host in ${oif}`, side: 'mesh', iif: '', oif, from: undefined })),
  ];
}

/** A host of a transit network that comes in by the same interface; an exit is open to every host. */
function transitStarts({ mesh }: RouterModel, start: Start, family: Family): Start[] {
  const transit = mesh.exit ? undefined : mesh.transit.find((p) => p.family === family);
  if (transit === undefined || (start.from !== undefined && contains(transit, start.from))) return [];
  return [{ ...start, name: `${start.name}, transit`, from: neighbourOf(transit) ?? transit.address }];
}

/** With a mark in place of rules: as nftables has marked it, and as it is when somebody has flushed the ruleset. */
const bothWays = ({ mesh }: RouterModel, start: Start): Start[] =>
  mesh.match === 'mark'
    ? [
        { ...start, mark: MARK },
        { ...start, name: `${start.name}, unmarked` },
      ]
    : [start];

/** What comes in by any other interface: from somebody out there, and from one who says he were of the mesh. */
function underlayStarts(model: RouterModel, ground: Ground, aims: readonly Aim[], family: Family): Start[] {
  const mesh = meshNames(model);
  const stranger = aims.find(({ name }) => name === 'internet')?.address;
  const spoofed = meshHost(model, family);
  return ground.links
    .filter((link) => link.up && link.name !== 'lo' && !mesh.has(link.name))
    .flatMap(({ name }): Start[] => [
      ...(stranger === undefined ? [] : [{ name, side: 'underlay' as const, iif: name, from: stranger }]),
      ...(spoofed === undefined
        ? []
        : [{ name: `${name}, spoofed`, side: 'underlay' as const, iif: name, from: spoofed }]),
    ]);
}

/** A socket of this host that is bound to a VRF device of somebody else's. */
function boundStarts(model: RouterModel, { links }: Ground): Start[] {
  const mesh = meshNames(model);
  return links
    .filter(({ kind, up, name }) => kind === 'vrf' && up && !mesh.has(name))
    .map(({ name: oif }) => ({ name: `this host in ${oif}`, side: 'underlay', iif: '', oif, from: undefined }));
}

/** The underlay's own traffic to the underlay, and the host's to the internet, are nobody's business here. */
function isAsked({ side, iif }: Origin, aim: Aim): boolean {
  if (side === 'underlay') return aim.side === 'mesh';
  return side === 'mesh' || aim.side === 'mesh' || (aim.name === 'endpoint' && iif === '');
}

export function makeProbes(model: RouterModel, ground: Ground): Probe[] {
  const families: readonly Family[] = model.env.ipv6 ? [4, 6] : [4];
  return families.flatMap((family) => {
    const aims = destinations(model, ground, family);
    const self: Start = { name: 'this host', side: 'own', iif: '', from: undefined };
    const others = [...underlayStarts(model, ground, aims, family), ...boundStarts(model, ground)];
    const starts = [...meshStarts(model, ground, family), ...others, self];
    return starts.flatMap(({ from, mark, ...origin }) =>
      aims
        .filter((aim) => isAsked(origin, aim))
        .map(({ address: to, ...destination }): Probe => ({
          family,
          origin,
          destination,
          query: {
            ...{ to, from, iif: origin.iif },
            ...(mark === undefined ? {} : { mark }),
            ...(origin.oif === undefined ? {} : { oif: origin.oif }),
          },
        })),
    );
  });
}
