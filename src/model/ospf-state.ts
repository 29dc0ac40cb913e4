// `ospf:` of a link and `bird:` as the operator writes them, after the shape is checked.
import type { LimitAction, OspfAlgorithm, OspfType } from './ospf-types.ts';

export interface OspfKeyState {
  readonly id: number;
  readonly algorithm?: OspfAlgorithm | undefined;
  readonly passwordFile: string;
  readonly generateFrom?: string | undefined;
  readonly generateTo?: string | undefined;
  readonly acceptFrom?: string | undefined;
  readonly acceptTo?: string | undefined;
}

/** One password in a line, or `keys` with a list of them. */
export interface AuthenticationState {
  readonly type: 'simple' | 'cryptographic';
  readonly passwordFile?: string | undefined;
  readonly id?: number | undefined;
  readonly algorithm?: OspfAlgorithm | undefined;
  readonly keys?: readonly OspfKeyState[] | undefined;
}

/** Milliseconds; `interval` says both rx and tx. */
export interface BfdState {
  readonly interval?: number | undefined;
  readonly minRxInterval?: number | undefined;
  readonly minTxInterval?: number | undefined;
  readonly idleTxInterval?: number | undefined;
  readonly multiplier?: number | undefined;
}

export interface OspfState {
  readonly cost: number;
  readonly type: OspfType;
  readonly neighbors?: readonly string[] | undefined;
  readonly stub?: boolean | undefined;
  readonly hello?: number | undefined;
  readonly dead?: number | undefined;
  readonly retransmit?: number | undefined;
  readonly priority?: number | undefined;
  readonly txLength?: number | undefined;
  readonly ttlSecurity?: boolean | 'tx only' | undefined;
  readonly bfd?: boolean | BfdState | undefined;
  readonly authentication?: AuthenticationState | undefined;
  readonly area?: number | string | undefined;
  readonly instance?: string | undefined;
}

export type AreaNetworkState = string | { readonly prefix: string; readonly hidden: boolean };

export interface AreaState {
  readonly type: 'normal' | 'stub' | 'nssa';
  readonly summary?: boolean | undefined;
  readonly defaultCost?: number | undefined;
  readonly defaultNssa?: boolean | undefined;
  readonly translator?: boolean | undefined;
  readonly networks?: readonly AreaNetworkState[] | undefined;
  readonly external?: readonly AreaNetworkState[] | undefined;
}

export interface OspfInstanceState {
  readonly area: number | string;
  /** by number or dotted quad */
  readonly areas: Readonly<Record<string, AreaState>>;
  readonly export: 'none' | 'connected' | readonly string[] | { readonly filter: string };
  readonly importLimit?: number | { readonly routes: number; readonly action: LimitAction } | undefined;
  readonly stubRouter: boolean;
  readonly ipv4: 'v2' | 'v3';
  /** absent: on where a link of the instance has an IPv6 address */
  readonly ipv6?: boolean | undefined;
  readonly tunnelPattern?: string | undefined;
}

export interface BirdState {
  readonly version: 'auto' | '1.6' | 1.6 | 2 | 3;
  readonly ospf: OspfInstanceState;
  /** further instances by name */
  readonly instances: Readonly<Record<string, OspfInstanceState>>;
  readonly include?: string | undefined;
  readonly kernel: { readonly metric: number; readonly persist: boolean; readonly scanTime: number };
  readonly configFile: string;
  readonly controlSocket: string;
}
