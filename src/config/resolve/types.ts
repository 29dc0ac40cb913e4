// The state file with every default filled in and every name looked up. Of a faulty file what could be read: there are gaps then.
// Each value stands beside the path of its text, so that a problem of it has its place.
import type { HostEnv, OspfInterface, RouterModel, SourceRef } from '../../model/types.ts';
import { compareText } from '../../net/compare-text.ts';
import { bitsOf, familyOf, formatPrefix, type Family, type Prefix } from '../../net/ip.ts';
import type { FreeExample } from '../free-example.ts';
import type { Path } from '../locate.ts';
import type { InstanceSaid, InterfaceSaid, OspfSaid, Said, TunnelSaid } from '../said.ts';

/** An own address, and where it is written: `address`, or a place in its list. */
export interface OwnAddress {
  readonly prefix: Prefix;
  readonly path: Path;
}

export interface Instance {
  readonly name: string;
  readonly path: Path;
  readonly said: InstanceSaid;
  /** the file has it; else a link names what is not there */
  readonly known: boolean;
  /** of links that name none; decimal text */
  readonly area: string;
  readonly ipv4: 'v2' | 'v3';
  readonly ipv6: boolean;
  /** OSPFv3 is spoken: for IPv6, or for IPv4 by choice (RFC 5838) */
  readonly v3: boolean;
}

export interface LinkOspf {
  /** the link's `ospf:` */
  readonly path: Path;
  /** {} where it is absent */
  readonly said: OspfSaid;
  readonly instance: Instance;
  readonly model: OspfInterface;
}

interface AnyLink {
  readonly name: string;
  readonly path: Path;
  readonly addresses: readonly OwnAddress[];
  /** of the other end, said or following from the addresses; the first of each family counts */
  readonly far: readonly string[];
  /** every word of it could be read */
  readonly whole: boolean;
  /** undefined where the link speaks none */
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
  /** peerAddress as it is said */
  readonly peers: readonly { readonly address: string; readonly path: Path }[];
  /** what the far end has if it derives its own as we do */
  readonly farLinkLocal: string | undefined;
}

export type Link = InterfaceLink | TunnelLink;
export type OspfLink = Link & { readonly ospf: LinkOspf };

export interface Resolved {
  readonly said: Said;
  readonly env: HostEnv;
  /** absolute path that relative key files start from */
  readonly folder: string;
  /** mesh.prefixes; undefined where one could not be read: nothing can be said to lie outside then */
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

/** Place of the thing at a path of the file, or of the nearest thing around it that was written. */
export type SourceOf = (path: Path) => SourceRef;

/** What of a map could be read. */
export const entriesOf = <T>(map: Readonly<Record<string, T | undefined>> = {}): [string, T][] =>
  Object.entries(map).filter((entry): entry is [string, T] => entry[1] !== undefined);

export const addressOf = ({ addresses }: Pick<Link, 'addresses'>, family: Family): Prefix | undefined =>
  addresses.find(({ prefix }) => prefix.family === family)?.prefix;

export const farOf = ({ far }: Pick<Link, 'far'>, family: Family): string | undefined =>
  far.find((address) => familyOf(address) === family);

/** A /32 or /128: the address alone, with no network around it. */
export const isHostOnly = ({ family, length }: Prefix): boolean => length === bitsOf(family);

/** What of a list could be read, with its place there. */
export const indexed = (list: readonly (Prefix | undefined)[] = []): { index: number; prefix: Prefix }[] =>
  list.flatMap((prefix, index) => (prefix === undefined ? [] : [{ index, prefix }]));

export const isList = (said: unknown): said is readonly unknown[] => Array.isArray(said);

/** The same where something else may stand in place of a list. */
export const listed = (said: unknown): { index: number; prefix: Prefix }[] =>
  isList(said) ? indexed(said as readonly (Prefix | undefined)[]) : [];

/** Without duplicates, in the order of compareText over their canonical texts. */
export function distinct(list: readonly Prefix[]): Prefix[] {
  if (list.length < 2) return [...list];
  const byText = new Map(list.map((p) => [formatPrefix(p), p]));
  return [...byText].sort(([a], [b]) => compareText(a, b)).map(([, p]) => p);
}
