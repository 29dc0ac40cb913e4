// Makes the model's part of a link's `ospf:`. Pure; a value that could not be read counts as absent.
import {
  DEFAULT_ALGORITHM,
  DEFAULT_BFD,
  DUMMY_OSPF,
  INTERFACE_OSPF,
  MAIN_INSTANCE,
  TUNNEL_OSPF,
} from '../../model/defaults.ts';
import type { BfdSession, OspfAuthentication, OspfInterface, OspfKey } from '../../model/types.ts';
import { compareText } from '../../net/compare-text.ts';
import type { AuthenticationSaid, KeySaid, OspfSaid } from '../said.ts';
import { keyPath } from './key-file.ts';
import { addressOf, farOf } from './types.ts';
import type { Instance, InterfaceLink, TunnelLink } from './types.ts';

export interface SaidOfLink {
  readonly link: Omit<InterfaceLink, 'ospf'> | Omit<TunnelLink, 'ospf'>;
  readonly said: OspfSaid;
  readonly instance: Instance;
  readonly folder: string;
  readonly constants: ReadonlyMap<string, string>;
}

/** BIRD itself knows the other address of a /31 or /30, but not that of a /32 (proto/ospf/hello.c, `opposite`). */
export const hasOpposite = (link: SaidOfLink['link']): boolean => [30, 31].includes(addressOf(link, 4)?.length ?? 0);

/**
 * The neighbours of an OSPF interface. On ptmp and nbma BIRD sends hellos only to the named neighbours, so the far end is named
 * if it is known; ptp and broadcast use multicast.
 */
function neighborsOf(
  { link, instance }: SaidOfLink,
  said: OspfSaid['neighbors'],
  { type, stub }: Pick<OspfInterface, 'type' | 'stub'>,
): string[] {
  if (said !== undefined) return [...new Set(said.flatMap((n) => n ?? []))].sort(compareText);
  if (stub || (type !== 'ptmp' && type !== 'nbma')) return [];
  const linkLocal = instance.v3 && link.tunnel ? link.farLinkLocal : undefined;
  // a shared clause names no neighbour: a ptmp link without neighbours sends to its opposite address
  const shared = type === 'ptmp' && hasOpposite(link) && instance.said.tunnelPattern !== undefined;
  return [shared ? undefined : farOf(link, 4), linkLocal].filter((address) => address !== undefined);
}

function resolveBfd(said: OspfSaid['bfd']): BfdSession | undefined {
  if (said === undefined || said === false) return undefined;
  if (said === true) return DEFAULT_BFD;
  return {
    minRxInterval: said.minRxInterval ?? said.interval ?? DEFAULT_BFD.minRxInterval,
    minTxInterval: said.minTxInterval ?? said.interval ?? DEFAULT_BFD.minTxInterval,
    idleTxInterval: said.idleTxInterval ?? DEFAULT_BFD.idleTxInterval,
    multiplier: said.multiplier ?? DEFAULT_BFD.multiplier,
  };
}

function resolveKey(said: KeySaid | undefined, { folder, constants }: SaidOfLink): OspfKey[] {
  if (said?.id === undefined || said.passwordFile === undefined) return [];
  const passwordFile = keyPath(folder, said.passwordFile);
  return [
    {
      id: said.id,
      algorithm: said.algorithm ?? DEFAULT_ALGORITHM,
      constant: constants.get(passwordFile) ?? '',
      passwordFile,
      generateFrom: said.generateFrom,
      generateTo: said.generateTo,
      acceptFrom: said.acceptFrom,
      acceptTo: said.acceptTo,
    },
  ];
}

/** Sorts the keys of a link by id; the ids are distinct. */
function resolveAuthentication(said: AuthenticationSaid | undefined, of: SaidOfLink): OspfAuthentication | undefined {
  if (said === undefined) return undefined;
  const { passwordFile, id = 1, algorithm } = said;
  if (said.type === 'simple') {
    const file = keyPath(of.folder, passwordFile ?? '');
    return { type: 'simple', constant: of.constants.get(file) ?? '', passwordFile: file };
  }
  const keys = said.keys ?? [{ id, algorithm, passwordFile }];
  return { type: 'cryptographic', keys: keys.flatMap((key) => resolveKey(key, of)).sort((a, b) => a.id - b.id) };
}

/** A setting that BIRD takes unchanged is only in the schema, in OspfWords and in the written clause. */
export function resolveOspf(of: SaidOfLink): OspfInterface {
  const usual = of.link.tunnel ? TUNNEL_OSPF : of.link.dummy ? DUMMY_OSPF : INTERFACE_OSPF;
  const { cost = usual.cost, type = usual.type, stub = usual.stub, ttlSecurity = false, ...more } = of.said;
  const { neighbors, bfd, authentication, area = of.instance.area, instance = MAIN_INSTANCE, ...words } = more;
  return {
    cost,
    type,
    neighbors: neighborsOf(of, neighbors, { type, stub }),
    stub,
    ...words,
    ttlSecurity,
    bfd: resolveBfd(bfd),
    authentication: resolveAuthentication(authentication, of),
    area,
    instance,
  };
}
