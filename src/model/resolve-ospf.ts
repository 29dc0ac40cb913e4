// `ospf:` of one link -> its place in the model. Pure; total on what passed the checks.
import { canonicalAddress } from '../net/ip.ts';
import { compareText } from '../net/compare-text.ts';
import { canonicalArea } from '../net/ospf-area.ts';
import { DEFAULT_ALGORITHM, DEFAULT_BFD } from './defaults.ts';
import { keyPath } from './key-file.ts';
import { instanceName } from './ospf-context.ts';
import { resolveMoment } from './moment.ts';
import type { LinkContext } from './resolve-context.ts';
import type { AuthenticationState, BfdState, OspfKeyState, OspfState } from './state.ts';
import type { BfdSession, OspfAuthentication, OspfInterface, OspfKey } from './types.ts';

/** What of a link its OSPF follows from. */
export interface OspfLink {
  readonly name: string;
  /** said where `ospf` is absent */
  readonly usual: OspfState & { readonly stub: boolean };
  /** the far end's IPv4 address */
  readonly far: string | undefined;
  /** the far end's link-local address, if it is one of ours */
  readonly farLinkLocal: string | undefined;
  /** BIRD knows the far end by itself: a /31, a /30 or `A peer B` */
  readonly opposite: boolean;
}

/**
 * The neighbours of an OSPF interface. BIRD sends a ptmp or nbma interface's hellos to the named neighbours alone, so the
 * far end is named where it is known; ptp and broadcast find each other by multicast.
 */
function neighborsOf(said: OspfState, stub: boolean, link: OspfLink, { ospf }: LinkContext): string[] {
  if (said.neighbors !== undefined) {
    return [...new Set(said.neighbors.map((n) => canonicalAddress(n) ?? n))].sort(compareText);
  }
  if (stub || (said.type !== 'ptmp' && said.type !== 'nbma')) return [];
  const name = instanceName(said);
  const linkLocal = ospf.v3.has(name) ? link.farLinkLocal : undefined;
  // a shared clause names nobody: a ptmp link without neighbours speaks to its opposite end (proto/ospf/hello.c)
  const shared = said.type === 'ptmp' && link.opposite && ospf.instances.get(name)?.tunnelPattern !== undefined;
  return [shared ? undefined : link.far, linkLocal].filter((address) => address !== undefined);
}

function resolveBfd(said: boolean | BfdState | undefined): BfdSession | undefined {
  if (said === undefined || said === false) return undefined;
  if (said === true) return DEFAULT_BFD;
  return {
    minRxInterval: said.minRxInterval ?? said.interval ?? DEFAULT_BFD.minRxInterval,
    minTxInterval: said.minTxInterval ?? said.interval ?? DEFAULT_BFD.minTxInterval,
    idleTxInterval: said.idleTxInterval ?? DEFAULT_BFD.idleTxInterval,
    multiplier: said.multiplier ?? DEFAULT_BFD.multiplier,
  };
}

function resolveKey(said: OspfKeyState, { folder, ospf }: LinkContext): OspfKey {
  const passwordFile = keyPath(folder, said.passwordFile);
  return {
    id: said.id,
    algorithm: said.algorithm ?? DEFAULT_ALGORITHM,
    constant: ospf.constants.get(passwordFile) ?? '',
    passwordFile,
    generateFrom: resolveMoment(said.generateFrom),
    generateTo: resolveMoment(said.generateTo),
    acceptFrom: resolveMoment(said.acceptFrom),
    acceptTo: resolveMoment(said.acceptTo),
  };
}

/** Key ids of one link are distinct, and in their order. */
function resolveAuthentication(
  said: AuthenticationState | undefined,
  context: LinkContext,
): OspfAuthentication | undefined {
  if (said === undefined) return undefined;
  if (said.type === 'simple') {
    const passwordFile = keyPath(context.folder, said.passwordFile ?? '');
    return { type: 'simple', constant: context.ospf.constants.get(passwordFile) ?? '', passwordFile };
  }
  const { passwordFile, id = 1, algorithm } = said;
  const keys = said.keys ?? (passwordFile === undefined ? [] : [{ id, algorithm, passwordFile }]);
  return { type: 'cryptographic', keys: keys.map((key) => resolveKey(key, context)).sort((a, b) => a.id - b.id) };
}

/** undefined: no OSPF on this link. */
export function resolveOspf(
  said: OspfState | false | undefined,
  link: OspfLink,
  context: LinkContext,
): OspfInterface | undefined {
  if (said === false) return undefined;
  const ospf = said ?? link.usual;
  const stub = ospf.stub ?? link.usual.stub;
  const instance = instanceName(ospf);
  return {
    cost: ospf.cost,
    type: ospf.type,
    neighbors: neighborsOf(ospf, stub, link, context),
    stub,
    hello: ospf.hello,
    dead: ospf.dead,
    retransmit: ospf.retransmit,
    priority: ospf.priority,
    txLength: ospf.txLength,
    ttlSecurity: ospf.ttlSecurity ?? false,
    bfd: resolveBfd(ospf.bfd),
    authentication: resolveAuthentication(ospf.authentication, context),
    area: canonicalArea(ospf.area ?? context.ospf.instances.get(instance)?.area ?? 0) ?? '0',
    instance,
  };
}
