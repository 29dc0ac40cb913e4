// The state file as its operator writes it, after the shape is checked: words as in the file, defaults of single fields
// filled in, addresses still text. What depends on other fields or on the host is filled in by resolve.ts.
import type { BirdState, OspfState } from './ospf-state.ts';
import type { Priorities } from './types.ts';

export type * from './ospf-state.ts';

/** One address, or one of each family. */
export type AddressState = string | readonly string[];

export interface InterfaceState {
  readonly kind: 'existing' | 'dummy';
  readonly address: AddressState;
  readonly routes?: readonly string[] | undefined;
  readonly mtu?: number | undefined;
  /** absent: OSPF on with the defaults of its kind; false: none */
  readonly ospf?: OspfState | false | undefined;
}

export interface PeerState {
  readonly publicKey: string;
  readonly endpoint?: string | undefined;
  readonly presharedKeyFile?: string | undefined;
  readonly persistentKeepalive: number;
  readonly allowedIPs?: readonly string[] | undefined;
}

export interface TunnelState {
  /** absent: the link-local address alone */
  readonly address?: AddressState | undefined;
  readonly peerAddress?: AddressState | undefined;
  readonly listenPort: number;
  readonly privateKeyFile?: string | undefined;
  readonly mtu: number;
  readonly routes?: readonly string[] | undefined;
  readonly peer: PeerState;
  readonly ospf?: OspfState | false | undefined;
}

export interface State {
  readonly version: 1;
  readonly router: {
    readonly node?: number | undefined;
    readonly instance?: number | undefined;
    readonly id?: string | undefined;
  };
  readonly mesh: {
    readonly table: 'main' | { readonly name: string; readonly id: number };
    readonly isolation: 'table' | 'vrf' | 'netns';
    readonly transit: 'none' | readonly string[];
    readonly exit: 'allow' | 'deny';
    readonly firewall: 'auto' | 'none' | 'nftables';
    readonly match: 'iif' | 'mark';
    readonly prefixes: readonly string[];
    readonly priorities: Priorities;
  };
  readonly interfaces: Readonly<Record<string, InterfaceState>>;
  readonly tunnels: Readonly<Record<string, TunnelState>>;
  readonly wireguard: {
    readonly backend: 'auto' | 'kernel' | 'userspace';
    readonly setup: 'auto' | 'wg' | 'netlink';
    readonly privateKeyFile?: string | undefined;
  };
  readonly bird: BirdState;
}
