// The interfaces and tunnels of a draft as the checks walk them.
import { BIRD_HELLO, DUMMY_OSPF, INTERFACE_OSPF, TUNNEL_OSPF } from '../../model/defaults.ts';
import type { OspfType } from '../../model/types.ts';
import { bitsOf, canonicalAddress, familyOf, farAddress, parsePrefix } from '../../net/ip.ts';
import type { Family, Prefix } from '../../net/ip.ts';
import type { Draft } from '../draft.ts';
import { listOf } from '../../model/own-addresses.ts';
import type { Path } from '../locate.ts';

type Entry<K extends 'interfaces' | 'tunnels'> = NonNullable<NonNullable<Draft[K]>[string]>;
export type DraftTunnel = Entry<'tunnels'>;
export type DraftInterface = Entry<'interfaces'>;

/** An own address, and where it is written: `address`, or a place in its list. */
export interface DraftAddress {
  readonly prefix: Prefix;
  readonly path: Path;
}

export interface DraftLink {
  readonly name: string;
  readonly path: Path;
  readonly tunnel: boolean;
  readonly dummy: boolean;
  readonly addresses: readonly DraftAddress[];
  /** of the other end, said or following from the addresses; the first of each family counts */
  readonly far: readonly string[];
  readonly said: DraftTunnel | DraftInterface;
}

const isMap = (value: unknown): value is object => typeof value === 'object' && value !== null;

const entries = <T extends object>(map: Readonly<Record<string, T | undefined>> | undefined): [string, T][] =>
  Object.entries(isMap(map) ? map : {}).filter((entry): entry is [string, T] => isMap(entry[1]));

export interface TunnelEntry {
  readonly name: string;
  readonly path: Path;
  readonly said: DraftTunnel;
}

export const tunnelsOf = (draft: Draft): TunnelEntry[] =>
  entries<DraftTunnel>(draft.tunnels).map(([name, said]) => ({ name, path: ['tunnels', name], said }));

/** The instance of links that name none. */
const MAIN_INSTANCE = 'mesh';

/** One thing, or a list of them, as the draft has it: with holes where one was wrong. */
type Said = string | readonly (string | undefined)[] | undefined;

/** Each text of it with the path of its place. */
function places(said: Said, path: Path): { text: string; path: Path }[] {
  const list = listOf<string | undefined>(said);
  return list.flatMap((text, i) =>
    text === undefined ? [] : [{ text, path: Array.isArray(said) ? [...path, i] : path }],
  );
}

const ownOf = (said: Said, path: Path): DraftAddress[] =>
  places(said, [...path, 'address']).flatMap(({ text, path: place }) => {
    const prefix = parsePrefix(text);
    return prefix === undefined ? [] : [{ prefix, path: place }];
  });

export const peersOf = (said: Said, path: Path = []): { address: string; path: Path }[] =>
  places(said, [...path, 'peerAddress']).map(({ text, path: place }) => ({
    address: canonicalAddress(text) ?? text,
    path: place,
  }));

const followingFrom = (addresses: readonly DraftAddress[]): string[] =>
  addresses.flatMap(({ prefix }) => farAddress(prefix) ?? []);

export const addressOf = ({ addresses }: DraftLink, family: Family): Prefix | undefined =>
  addresses.find(({ prefix }) => prefix.family === family)?.prefix;

export const farOf = ({ far }: DraftLink, family: Family): string | undefined =>
  far.find((address) => familyOf(address) === family);

/** A /32 or /128: the address alone, with no network around it. */
export const isHostOnly = ({ family, length }: Prefix): boolean => length === bitsOf(family);

export function linksOf(draft: Draft): DraftLink[] {
  const interfaces = entries<DraftInterface>(draft.interfaces).map(([name, said]): DraftLink => {
    const path = ['interfaces', name];
    const addresses = ownOf(said.address, path);
    const far = followingFrom(addresses);
    return { name, path, tunnel: false, dummy: said.kind === 'dummy', addresses, far, said };
  });
  const tunnels = tunnelsOf(draft).map(({ name, path, said }): DraftLink => {
    const addresses = ownOf(said.address, path);
    const far = [...peersOf(said.peerAddress).map(({ address }) => address), ...followingFrom(addresses)];
    return { name, path, tunnel: true, dummy: false, addresses, far, said };
  });
  return [...interfaces, ...tunnels];
}

/** Prefixes of a list of valid texts with their index; holes are left out. */
export const indexed = (list: readonly (string | undefined)[] | undefined): { index: number; prefix: Prefix }[] =>
  (list ?? []).flatMap((text, index) => {
    const prefix = text === undefined ? undefined : parsePrefix(text);
    return prefix === undefined ? [] : [{ index, prefix }];
  });

/** undefined where one of them could not be read: nothing can be said to lie outside then. */
export function meshPrefixes(draft: Draft): Prefix[] | undefined {
  const list = draft.mesh?.prefixes;
  const found = indexed(list).map((p) => p.prefix);
  return list !== undefined && found.length > 0 && found.length === list.length ? found : undefined;
}

/** Whether BIRD speaks OSPFv3 over the link: for IPv6, or for IPv4 by choice (RFC 5838). */
export function speaksOspf6(draft: Draft, link: DraftLink): boolean {
  const nameOf = ({ said }: DraftLink): string =>
    (typeof said.ospf === 'object' ? said.ospf.instance : undefined) ?? MAIN_INSTANCE;
  if (ospfOf(link) === undefined) return false;
  const name = nameOf(link);
  const instance = name === MAIN_INSTANCE ? draft.bird?.ospf : draft.bird?.instances?.[name];
  if (instance?.ipv4 === 'v3' || instance?.ipv6 !== undefined) return instance.ipv4 === 'v3' || instance.ipv6 === true;
  const mates = linksOf(draft).filter((l) => ospfOf(l) !== undefined && nameOf(l) === name);
  return mates.some((l) => addressOf(l, 6) !== undefined);
}

export interface DraftOspf {
  readonly type: OspfType;
  readonly stub: boolean;
  readonly hello: number;
  readonly dead: number | undefined;
  readonly neighbors: readonly (string | undefined)[] | undefined;
}

/** undefined where the link speaks no OSPF. */
export function ospfOf({ said, tunnel, dummy }: DraftLink): DraftOspf | undefined {
  if (said.ospf === false) return undefined;
  const usual = tunnel ? TUNNEL_OSPF : dummy ? DUMMY_OSPF : INTERFACE_OSPF;
  const ospf = said.ospf ?? usual;
  return {
    type: ospf.type ?? 'ptp',
    stub: ospf.stub ?? usual.stub,
    hello: ospf.hello ?? BIRD_HELLO,
    dead: ospf.dead,
    neighbors: ospf.neighbors,
  };
}
