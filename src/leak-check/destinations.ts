// One address for each class of destination, chosen so that it falls into no other class on this host. Pure. They are only
// looked up: no packet is sent to any of them.
import type { RouterModel } from '../model/types.ts';
import {
  addressBytes,
  addressFromBytes,
  bitsOf,
  contains,
  containsPrefix,
  familyOf,
  formatPrefix,
  lastOf,
  type Family,
  type Prefix,
} from '../net/ip.ts';
import { isLinkLocal } from '../net/link-local.ts';
import { MAIN_TABLE } from '../net/names.ts';
import { parseEndpoint } from '../net/endpoint.ts';
import { meshNames } from './mesh-names.ts';
import type { Destination, Ground } from './types.ts';

export interface Aim extends Destination {
  readonly address: string;
}

/** Anywhere beyond the uplink. */
const INTERNET: Readonly<Record<Family, readonly string[]>> = {
  4: ['9.9.9.9', '1.1.1.1', '8.8.8.8'],
  6: ['2620:fe::fe', '2606:4700:4700::1111', '2001:4860:4860::8888'],
};
/** Private networks (RFC 1918, RFC 6598, RFC 4193) that are not this mesh's: a default route would take them out all the same. */
export const BOGONS: Readonly<Record<Family, readonly string[]>> = {
  4: ['10.255.255.254', '172.31.255.254', '192.168.255.254', '100.127.255.254'],
  6: ['fdff:ffff:ffff:ffff::1', 'fcff:ffff:ffff:ffff::1'],
};

/** An address moved up or down within its last byte. */
function shifted(address: string, by: number): string {
  const bytes = addressBytes(address);
  const last = bytes.length - 1;
  bytes[last] = ((bytes[last] ?? 0) + by + 256) % 256;
  return addressFromBytes(bytes);
}

/** Another host of an interface's network than the interface itself; undefined for a network of one. */
export function neighbourOf(prefix: Prefix): string | undefined {
  return [1, -1, 2].map((by) => shifted(prefix.address, by)).find((a) => contains(prefix, a) && a !== prefix.address);
}

const isMesh = (model: RouterModel, address: string): boolean => model.mesh.prefixes.some((p) => contains(p, address));

function underlayAims(model: RouterModel, { addresses, devices }: Ground, family: Family): Aim[] {
  const outside = (address: string): boolean => !isMesh(model, address);
  const aim = (name: string, address: string | undefined): Aim[] =>
    address === undefined ? [] : [{ name, side: 'underlay', address }];
  const mesh = meshNames(model);
  const near = addresses
    .filter(
      ({ dev, prefix }) => dev !== 'lo' && !mesh.has(dev) && prefix.family === family && !isLinkLocal(prefix.address),
    )
    .map(({ prefix }) => neighbourOf(prefix))
    .find((a) => a !== undefined && outside(a));
  const endpoint = devices
    .filter(({ name }) => mesh.has(name))
    .flatMap(({ peers }) => peers.map((peer) => parseEndpoint(peer.endpoint)?.host ?? ''))
    .find((host) => host !== '' && familyOf(host) === family);
  return [
    ...aim('internet', INTERNET[family].find(outside)),
    ...aim('bogon', BOGONS[family].find(outside)),
    ...aim('underlay', near),
    ...aim('endpoint', endpoint),
  ];
}

/** A network of the mesh, less those inside it that have a column of their own. */
interface Column {
  readonly name: string;
  readonly prefix: Prefix;
  readonly but: readonly Prefix[];
}

/** An exit is open as a whole; a transit network is told apart from the rest of the mesh. */
function columns({ mesh }: RouterModel, family: Family): Column[] {
  const apart = mesh.exit ? [] : mesh.transit.filter((p) => p.family === family);
  return [
    ...mesh.prefixes
      .filter((p) => p.family === family)
      .map((prefix) => ({ name: formatPrefix(prefix), prefix, but: apart })),
    ...apart.map((prefix) => ({ name: `${formatPrefix(prefix)} transit`, prefix, but: [] })),
  ];
}

/** Of each mesh network a host that the table has a route to, and one that nobody announces. */
function meshAims(model: RouterModel, { routes, addresses }: Ground, family: Family): Aim[] {
  const own = new Set(addresses.map(({ prefix }) => prefix.address));
  // of main the connected networks; what others announce comes first, for it tells more
  const tables = [model.mesh.table.id, MAIN_TABLE];
  const known = routes
    .filter((r) => tables.includes(r.table) && r.type === 'unicast' && r.dst.family === family)
    .toSorted((a, b) => Number(a.via === undefined) - Number(b.via === undefined));
  return columns(model, family).flatMap(({ name, prefix: p, but }): Aim[] => {
    const isOf = (address: string): boolean => !but.some((other) => contains(other, address));
    // a default route, the mesh's own too, makes nobody known
    const inside = known.filter(({ dst }) => containsPrefix(p, dst));
    const hosts = inside.flatMap(({ dst }) => hostIn(dst, own)).filter(isOf);
    const unknown = [shifted(lastOf(p), -1), shifted(p.address, 7)].find(
      (a) => isOf(a) && !own.has(a) && !inside.some(({ dst }) => contains(dst, a)),
    );
    return [
      ...(hosts[0] === undefined ? [] : [{ name, side: 'mesh' as const, address: hosts[0] }]),
      ...(unknown === undefined ? [] : [{ name: `${name} unknown`, side: 'mesh' as const, address: unknown }]),
    ];
  });
}

/** A host of the network that is not this one: neither its first nor its last address where those have a meaning. */
function hostIn(dst: Prefix, own: ReadonlySet<string>): string[] {
  const alone = bitsOf(dst.family) - dst.length < 2;
  const hosts = (alone ? [0, 1] : [1, 2]).map((by) => shifted(dst.address, by));
  return hosts.filter((a) => contains(dst, a) && !own.has(a)).slice(0, 1);
}

export const destinations = (model: RouterModel, ground: Ground, family: Family): Aim[] => [
  ...underlayAims(model, ground, family),
  ...meshAims(model, ground, family),
];
