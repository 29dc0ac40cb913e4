// One address for each class of destination. Pure. The addresses are only looked up: no packet is sent to them.
import type { RouterModel } from '../model/types.ts';
import { contains, containsPrefix, familyOf, formatPrefix, lastOf, type Family, type Prefix } from '../net/ip.ts';
import { isLinkLocal } from '../net/link-local.ts';
import { MAIN_TABLE } from '../net/names.ts';
import { BOGONS, hostOf, INTERNET, LINK_LOCAL, neighbourOf, shifted } from './addresses.ts';
import type { Destination, Ground } from './types.ts';

export interface Aim extends Destination {
  readonly address: string;
}

export const isMesh = (model: RouterModel, address: string): boolean =>
  model.mesh.prefixes.some((p) => contains(p, address));

function underlayAims(model: RouterModel, { addresses, endpoints, mesh }: Ground, family: Family): Aim[] {
  const outside = (address: string): boolean => !isMesh(model, address);
  const aim = (name: string, address: string | undefined): Aim[] =>
    address === undefined ? [] : [{ name, side: 'underlay', address }];
  const near = addresses
    .filter(
      ({ dev, prefix }) => dev !== 'lo' && !mesh.has(dev) && prefix.family === family && !isLinkLocal(prefix.address),
    )
    .map(({ prefix }) => neighbourOf(prefix))
    .find((a) => a !== undefined && outside(a));
  const [endpoint, ...others] = endpoints.filter((host) => familyOf(host) === family);
  return [
    ...aim('internet', INTERNET[family].find(outside)),
    ...aim('bogon', BOGONS[family].find(outside)),
    ...(family === 4 ? aim('link-local', [LINK_LOCAL].find(outside)) : []),
    ...aim('underlay', near),
    ...aim('endpoint', endpoint),
    ...others.map((address): Aim => ({ name: `endpoint ${address}`, side: 'underlay', address, further: true })),
  ];
}

/** A network of the mesh, without the networks inside it (`but`) that have their own column. */
interface Column {
  readonly name: string;
  readonly prefix: Prefix;
  readonly but: readonly Prefix[];
}

/** With an exit, the whole mesh is open. Otherwise a transit network has its own column. */
function columns({ mesh }: RouterModel, family: Family): Column[] {
  const apart = mesh.exit ? [] : mesh.transit.filter((p) => p.family === family);
  return [
    ...mesh.prefixes
      .filter((p) => p.family === family)
      .map((prefix) => ({ name: formatPrefix(prefix), prefix, but: apart })),
    ...apart.map((prefix) => ({ name: `${formatPrefix(prefix)} transit`, prefix, but: [] })),
  ];
}

/** For each mesh network: one host to which the table has a route, and one to which it has none. */
function meshAims(model: RouterModel, { routes, addresses }: Ground, family: Family): Aim[] {
  const own = new Set(addresses.map(({ prefix }) => prefix.address));
  // main has the connected networks; announced routes come first, because they show more
  const tables = [model.mesh.table.id, MAIN_TABLE];
  const known = routes
    .filter((r) => tables.includes(r.table) && r.type === 'unicast' && r.dst.family === family)
    .toSorted((a, b) => Number(a.via === undefined) - Number(b.via === undefined));
  return columns(model, family).flatMap(({ name, prefix: p, but }): Aim[] => {
    const isOf = (address: string): boolean => !but.some((other) => contains(other, address));
    // a default route, even the mesh's own, does not make a host known
    const inside = known.filter(({ dst }) => containsPrefix(p, dst));
    const host = inside.map(({ dst }) => hostOf(dst, own)).find((a) => a !== undefined && isOf(a));
    const unknown = [shifted(lastOf(p), -1), shifted(p.address, 7)].find(
      (a) => isOf(a) && !own.has(a) && !inside.some(({ dst }) => contains(dst, a)),
    );
    return [
      ...(host === undefined ? [] : [{ name, side: 'mesh' as const, address: host }]),
      ...(unknown === undefined ? [] : [{ name: `${name} unknown`, side: 'mesh' as const, address: unknown }]),
    ];
  });
}

export const destinations = (model: RouterModel, ground: Ground, family: Family): Aim[] => [
  ...underlayAims(model, ground, family),
  ...meshAims(model, ground, family),
];
