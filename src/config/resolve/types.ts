// The state file with every default filled in and every name looked up. A faulty file leaves gaps. Each value has the path of its
// text, so that a problem gets its position.
import type { HostEnv, OspfInterface, RouterModel, SourceRef } from '../../model/types.ts';
import { compareText } from '../../net/compare-text.ts';
import { bitsOf, familyOf, formatPrefix, type Family, type Prefix } from '../../net/ip.ts';
import type { FreeExample } from '../free-example.ts';
import type { Path } from '../locate.ts';
import type { InstanceSaid, InterfaceSaid, OspfSaid, Said, TunnelSaid } from '../said.ts';

/** An own address, and its path: `address`, or an index of its list. */
export interface OwnAddress {
  readonly prefix: Prefix;
  readonly path: Path;
}

export interface Instance {
  readonly name: string;
  readonly path: Path;
  readonly said: InstanceSaid;
  /** the file defines it; false if only a link names it */
  readonly known: boolean;
  /** the area of links that name none; decimal text */
  readonly area: string;
  readonly ipv4: 'v2' | 'v3';
  readonly ipv6: boolean;
  /** the instance uses OSPFv3: for IPv6, or for IPv4 by choice (RFC 5838) */
  readonly v3: boolean;
}

export interface LinkOspf {
  /** the link's `ospf:` */
  readonly path: Path;
  /** {} if it is absent */
  readonly said: OspfSaid;
  readonly instance: Instance;
  readonly model: OspfInterface;
}

interface AnyLink {
  readonly name: string;
  readonly path: Path;
  readonly addresses: readonly OwnAddress[];
  /** addresses of the far end, from the file or derived from the own addresses; the first of each family counts */
  readonly far: readonly string[];
  /** all of it could be read */
  readonly whole: boolean;
  /** undefined if OSPF does not run over the link */
  readonly ospf: LinkOspf | undefined;
}

export interface InterfaceLink extends AnyLink {
  readonly tunnel: false;
  readonly dummy: boolean;
  readonly said: InterfaceSaid;
}

export interface TunnelLink extends AnyLink {
  readonly tunnel: true;
  readonly dummy: false;
  readonly said: TunnelSaid;
  /** peerAddress as in the file */
  readonly peers: readonly { readonly address: string; readonly path: Path }[];
  /** the far end's link-local address, if it derives its own as we do */
  readonly farLinkLocal: string | undefined;
}

export type Link = InterfaceLink | TunnelLink;
export type OspfLink = Link & { readonly ospf: LinkOspf };

export interface Resolved {
  readonly said: Said;
  readonly env: HostEnv;
  /** absolute path of the folder to which key files are relative */
  readonly folder: string;
  /** mesh.prefixes; undefined if one could not be read, because then it is unknown which networks are outside */
  readonly prefixes: readonly Prefix[] | undefined;
  /** interfaces, then tunnels, in the order of the file */
  readonly links: readonly Link[];
  readonly tunnels: readonly TunnelLink[];
  readonly ospfLinks: readonly OspfLink[];
  /** of the file, `mesh` first */
  readonly instances: readonly Instance[];
  /** names of the passwords by the absolute paths of their files */
  readonly constants: ReadonlyMap<string, string>;
  readonly birdVersion: RouterModel['bird']['version'];
  readonly free: () => FreeExample;
}

/** Returns the position of a path of the file, or of the nearest path around it that is in the file. */
export type SourceOf = (path: Path) => SourceRef;

/** The readable entries of a map. */
export const entriesOf = <T>(map: Readonly<Record<string, T | undefined>> = {}): [string, T][] =>
  Object.entries(map).filter((entry): entry is [string, T] => entry[1] !== undefined);

export const addressOf = ({ addresses }: Pick<Link, 'addresses'>, family: Family): Prefix | undefined =>
  addresses.find(({ prefix }) => prefix.family === family)?.prefix;

export const farOf = ({ far }: Pick<Link, 'far'>, family: Family): string | undefined =>
  far.find((address) => familyOf(address) === family);

/** A /32 or /128: the address alone, with no network around it. */
export const isHostOnly = ({ family, length }: Prefix): boolean => length === bitsOf(family);

/** The readable entries of a list, with their indexes. */
export const indexed = (list: readonly (Prefix | undefined)[] = []): { index: number; prefix: Prefix }[] =>
  list.flatMap((prefix, index) => (prefix === undefined ? [] : [{ index, prefix }]));

export const isList = (said: unknown): said is readonly unknown[] => Array.isArray(said);

/** The same for a value that may be no list. */
export const listed = (said: unknown): { index: number; prefix: Prefix }[] =>
  isList(said) ? indexed(said as readonly (Prefix | undefined)[]) : [];

/** Without duplicates, in the order of compareText over their canonical texts. */
export function distinct(list: readonly Prefix[]): Prefix[] {
  if (list.length < 2) return [...list];
  const byText = new Map(list.map((p) => [formatPrefix(p), p]));
  return [...byText].sort(([a], [b]) => compareText(a, b)).map(([, p]) => p);
}
