// WireGuard devices as the rest of the program sees them; src/host/types.ts exports all types of the host.
import type { Prefix } from '../net/ip.ts';

/** One peer as `wg show all dump` (wg(8)) prints it, without secrets. */
export interface WgPeer {
  readonly publicKey: string;
  /** SHA-256 hex of the preshared key, '' for none: it can be compared, and does not reveal the key */
  readonly presharedKeyDigest: string;
  /** `192.0.2.1:51820`, `[2001:db8::1]:51820`, '' for none */
  readonly endpoint: string;
  readonly allowedIPs: readonly Prefix[];
  /** seconds since the epoch, 0: never */
  readonly latestHandshake: number;
  readonly rxBytes: number;
  readonly txBytes: number;
  /** seconds, 0: off */
  readonly persistentKeepalive: number;
}

export interface WgDevice {
  readonly name: string;
  /** '' if no private key is set */
  readonly publicKey: string;
  readonly listenPort: number;
  readonly fwmark: number;
  readonly peers: readonly WgPeer[];
  /** why only its name is known: its wireguard-go hangs, or `wg` is broken */
  readonly unread?: string;
}

export interface WgPeerConfig {
  readonly publicKey: string;
  readonly presharedKeyFile: string | undefined;
  /** `ADDRESS:PORT`, resolved */
  readonly endpoint: string | undefined;
  readonly persistentKeepalive: number;
  readonly allowedIPs: readonly Prefix[];
}

/** How a new device gets its configuration: from the `wg` tool, or by netlink without a program. The result is the same. */
export type WgSetup = 'wg' | 'netlink';

/** The complete configuration of a new device: `wg setconf DEV /dev/stdin`. It names key files, which are read at the last moment. */
export interface WgDeviceConfig {
  readonly privateKeyFile: string;
  readonly listenPort: number;
  readonly peer: WgPeerConfig;
}

/** Fields of a live device or peer to change: one `wg set`. An absent field does not change. */
export interface WgChange {
  readonly privateKeyFile?: string;
  readonly listenPort?: number;
  readonly removePeers?: readonly string[];
  readonly peer?: {
    readonly publicKey: string;
    /** '' removes the preshared key (`preshared-key /dev/null`) */
    readonly presharedKeyFile?: string;
    readonly endpoint?: string;
    readonly persistentKeepalive?: number;
    readonly allowedIPs?: readonly Prefix[];
  };
}

export type SavedPart = 'private-key' | 'config';

/** WireGuard devices, those of the kernel and those of wireguard-go. */
export interface Wireguard {
  /** @param names only these; default all of the network namespace */
  devices(names?: readonly string[]): Promise<WgDevice[]>;
  setconf(dev: string, config: WgDeviceConfig, setup: WgSetup): Promise<void>;
  set(dev: string, change: WgChange): Promise<void>;
  /**
   * Writes the secrets of a live device to a file of mode 0600, never over an existing file: its private key as `wg genkey`
   * prints it, or the device's configuration as `wg showconf` prints it. No other function handles these secrets.
   */
  save(dev: string, what: SavedPart, file: string): Promise<void>;
  /** starts `wireguard-go DEV`, detached from the agent, and returns when its link and socket exist */
  startUserspace(dev: string): Promise<void>;
  /** ends the `wireguard-go` of DEV and returns when its link is gone */
  stopUserspace(dev: string): Promise<void>;
  /** names with a live `wireguard-go` socket */
  userspaceDevices(): Promise<string[]>;
}
