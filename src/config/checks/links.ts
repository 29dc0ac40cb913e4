// The interfaces and tunnels of a draft as the checks walk them.
import { BIRD_HELLO, DUMMY_OSPF, INTERFACE_OSPF, TUNNEL_OSPF } from '../../model/defaults.ts';
import type { OspfType } from '../../model/types.ts';
import { farAddress, parsePrefix } from '../../net/ip.ts';
import type { Prefix } from '../../net/ip.ts';
import type { Draft } from '../draft.ts';
import type { Path } from '../locate.ts';

type Entry<K extends 'interfaces' | 'tunnels'> = NonNullable<NonNullable<Draft[K]>[string]>;
export type DraftTunnel = Entry<'tunnels'>;
export type DraftInterface = Entry<'interfaces'>;

export interface DraftLink {
  readonly name: string;
  readonly path: Path;
  readonly tunnel: boolean;
  readonly dummy: boolean;
  readonly address: Prefix | undefined;
  /** of the other end, said or following from the address */
  readonly far: string | undefined;
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

export function linksOf(draft: Draft): DraftLink[] {
  const interfaces = entries<DraftInterface>(draft.interfaces).map(([name, said]): DraftLink => {
    const address = said.address === undefined ? undefined : parsePrefix(said.address);
    const far = address && farAddress(address);
    return { name, path: ['interfaces', name], tunnel: false, dummy: said.kind === 'dummy', address, far, said };
  });
  const tunnels = tunnelsOf(draft).map(({ name, path, said }): DraftLink => {
    const address = said.address === undefined ? undefined : parsePrefix(said.address);
    const far = said.peerAddress ?? (address && farAddress(address));
    return { name, path, tunnel: true, dummy: false, address, far, said };
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
