// OSPF in the model: the settings of a link, and those of an instance. The names are BIRD's own, in camelCase.
import type { Prefix } from '../net/ip.ts';
import type { SourceRef } from './source-ref.ts';

export type OspfType = 'ptp' | 'ptmp' | 'broadcast' | 'nbma';

/** HMACs are those of RFC 5709 and RFC 7166; md5 is RFC 2328's. */
export type OspfAlgorithm = 'md5' | 'hmac-sha1' | 'hmac-sha256' | 'hmac-sha384' | 'hmac-sha512';

/** One key. The times are `YYYY-MM-DD HH:MM:SS` in the router's own time; undefined: no bound. */
export interface OspfKey {
  /** 0-255 */
  readonly id: number;
  readonly algorithm: OspfAlgorithm;
  /** the constant of the secrets file that contains its password */
  readonly constant: string;
  /** absolute path */
  readonly passwordFile: string;
  readonly generateFrom: string | undefined;
  readonly generateTo: string | undefined;
  readonly acceptFrom: string | undefined;
  readonly acceptTo: string | undefined;
}

export type OspfAuthentication =
  | { readonly type: 'simple'; readonly constant: string; readonly passwordFile: string }
  | { readonly type: 'cryptographic'; readonly keys: readonly OspfKey[] };

/** BFD on one link; milliseconds. */
export interface BfdSession {
  readonly minRxInterval: number;
  readonly minTxInterval: number;
  readonly idleTxInterval: number;
  readonly multiplier: number;
}

/** Settings that go from the state file to BIRD unchanged; absent: BIRD's own default. */
export interface OspfWords {
  /** seconds */
  readonly hello?: number | undefined;
  readonly dead?: number | undefined;
  readonly retransmit?: number | undefined;
  /** for the election of the designated router, 0-255 */
  readonly priority?: number | undefined;
  /** size of the largest OSPF packet, bytes */
  readonly txLength?: number | undefined;
}

export interface OspfInterface extends OspfWords {
  /** 1-65535 */
  readonly cost: number;
  readonly type: OspfType;
  /** of both families */
  readonly neighbors: readonly string[];
  readonly stub: boolean;
  /** RFC 5082; `tx only`: sent with TTL 255, not required of received packets */
  readonly ttlSecurity: boolean | 'tx only';
  readonly bfd: BfdSession | undefined;
  readonly authentication: OspfAuthentication | undefined;
  /** decimal text */
  readonly area: string;
  /** OspfInstance.name */
  readonly instance: string;
}

export interface AreaNetwork {
  readonly prefix: Prefix;
  readonly hidden: boolean;
}

export interface OspfArea {
  /** decimal text */
  readonly id: string;
  readonly type: 'normal' | 'stub' | 'nssa';
  /** undefined: BIRD's own default */
  readonly summary: boolean | undefined;
  readonly defaultCost: number | undefined;
  readonly defaultNssa: boolean | undefined;
  readonly translator: boolean | undefined;
  /** summarised at the area's border */
  readonly networks: readonly AreaNetwork[];
  /** the same for an NSSA's external routes */
  readonly external: readonly AreaNetwork[];
}

/** The routes that an instance announces to the mesh beside its links. */
export type OspfExport =
  | { readonly kind: 'none' }
  | { readonly kind: 'connected' }
  | { readonly kind: 'prefixes'; readonly prefixes: readonly Prefix[] }
  /** a filter of the operator's snippets */
  | { readonly kind: 'filter'; readonly name: string };

export type LimitAction = 'warn' | 'block' | 'restart' | 'disable';

/** One OSPF instance: protocols NAME4 and NAME6. */
export interface OspfInstance {
  readonly name: string;
  /** area of links without one of their own; decimal text */
  readonly area: string;
  /** every area that has a link or is in the state file, by number; never empty */
  readonly areas: readonly OspfArea[];
  readonly export: OspfExport;
  readonly importLimit: { readonly routes: number; readonly action: LimitAction } | undefined;
  readonly stubRouter: boolean;
  /** IPv4 over OSPFv2, or over OSPFv3 (RFC 5838) */
  readonly ipv4: 'v2' | 'v3';
  /** IPv6 over OSPFv3 */
  readonly ipv6: boolean;
  /** `wg*`: tunnels with equal settings share one clause */
  readonly tunnelPattern: string | undefined;
  readonly source: SourceRef;
}
