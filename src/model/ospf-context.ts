// What OSPF on one link takes from the rest of the state: its instance, and names for its passwords. Pure.
import { familyOf, parsePrefix } from '../net/ip.ts';
import type { BirdDialect } from './bird-types.ts';
import { MAIN_INSTANCE } from './defaults.ts';
import { birdVersion, dialectOf } from './dialect.ts';
import { keyPath } from './key-file.ts';
import { listOf } from './own-addresses.ts';
import { passwordConstants } from './password-constants.ts';
import type { AuthenticationState, InterfaceState, OspfInstanceState, OspfState, State, TunnelState } from './state.ts';
import type { HostEnv } from './types.ts';

export interface OspfContext {
  readonly dialect: BirdDialect;
  /** by name, `mesh` first */
  readonly instances: ReadonlyMap<string, OspfInstanceState>;
  /** names of the instances that speak OSPFv3 for IPv6 */
  readonly ipv6: ReadonlySet<string>;
  /** names of the instances that speak OSPFv3 at all, and so need link-local addresses */
  readonly v3: ReadonlySet<string>;
  /** constant by absolute path of the password's file */
  readonly constants: ReadonlyMap<string, string>;
}

/** Of `ospf:` as it is said; a link without it is in the main instance. */
export const instanceName = (ospf: Pick<OspfState, 'instance'> | undefined): string => ospf?.instance ?? MAIN_INSTANCE;

export const passwordFiles = (said: AuthenticationState | undefined): string[] => [
  ...(said?.passwordFile === undefined ? [] : [said.passwordFile]),
  ...(said?.keys ?? []).map(({ passwordFile }) => passwordFile),
];

const linkStates = (state: State): (InterfaceState | TunnelState)[] => [
  ...Object.values(state.interfaces),
  ...Object.values(state.tunnels),
];

const isIPv6 = (address: string): boolean => familyOf(parsePrefix(address)?.address ?? address) === 6;

function speaksIPv6(state: State, name: string, said: OspfInstanceState): boolean {
  if (said.ipv6 !== undefined) return said.ipv6;
  return linkStates(state).some(
    ({ ospf, address }) => ospf !== false && instanceName(ospf) === name && listOf(address).some(isIPv6),
  );
}

export function ospfContext(state: State, env: HostEnv, folder: string): OspfContext {
  const dialect = dialectOf(birdVersion(state.bird.version, env.bird));
  const instances = new Map([[MAIN_INSTANCE, state.bird.ospf], ...Object.entries(state.bird.instances)]);
  const ipv6 = new Set([...instances].filter(([name, said]) => speaksIPv6(state, name, said)).map(([name]) => name));
  const files = linkStates(state).flatMap(({ ospf }) => (ospf ? passwordFiles(ospf.authentication) : []));
  return {
    dialect,
    instances,
    ipv6,
    v3: new Set([...ipv6, ...[...instances].filter(([, { ipv4 }]) => ipv4 === 'v3').map(([name]) => name)]),
    constants: passwordConstants(files.map((file) => keyPath(folder, file))),
  };
}
