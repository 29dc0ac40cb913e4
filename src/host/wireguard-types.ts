// WireGuard devices as the rest of the program sees them; src/host/types.ts gathers all of the host.
import type { Prefix } from '../net/ip.ts';

/** One peer as `wg show all dump` (wg(8)) gives it, without secrets. */
export interface WgPeer {
  readonly publicKey: string;
  /** SHA-256 hex of the preshared key, '' for none: it compares, and tells nothing */
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
  /** '' where no private key is set */
  readonly publicKey: string;
  readonly listenPort: number;
  readonly fwmark: number;
  readonly peers: readonly WgPeer[];
  /** why nothing but its name is known: its wireguard-go hangs, or `wg` is broken */
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

/** How a new device gets its configuration: by the `wg` tool, or without a program. Both come to the same. */
export type WgSetup = 'wg' | 'netlink';

/** A whole new device: `wg setconf DEV /dev/stdin`. Key material is named by file and read at the last moment. */
export interface WgDeviceConfig {
  readonly privateKeyFile: string;
  readonly listenPort: number;
  readonly peer: WgPeerConfig;
}

/** Fields of a live device or peer to change: one `wg set`. A field left out stays. */
export interface WgChange {
  readonly privateKeyFile?: string;
  readonly listenPort?: number;
  readonly removePeers?: readonly string[];
  readonly peer?: {
    readonly publicKey: string;
    /** '' takes the preshared key away (`preshared-key /dev/null`) */
    readonly presharedKeyFile?: string;
    readonly endpoint?: string;
    readonly persistentKeepalive?: number;
    readonly allowedIPs?: readonly Prefix[];
  };
}

export type SavedPart = 'private-key' | 'config';

/** WireGuard devices, the kernel's and those of wireguard-go alike. */
export interface Wireguard {
  /** @param names only these; default all of the network namespace */
  devices(names?: readonly string[]): Promise<WgDevice[]>;
  setconf(dev: string, config: WgDeviceConfig, setup: WgSetup): Promise<void>;
  set(dev: string, change: WgChange): Promise<void>;
  /**
   * The secrets of a live device into a file of mode 0600, never over another: its private key alone as `wg genkey` prints one,
   * or all of it as `wg showconf` does. They pass through here and nowhere else.
   */
  save(dev: string, what: SavedPart, file: string): Promise<void>;
  /** starts `wireguard-go DEV`, detached from us, and returns when its link and socket are there */
  startUserspace(dev: string): Promise<void>;
  /** ends the `wireguard-go` of DEV and returns when its link is gone */
  stopUserspace(dev: string): Promise<void>;
  /** names with a live `wireguard-go` socket */
  userspaceDevices(): Promise<string[]>;
}
