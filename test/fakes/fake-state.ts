// The memory of the fake Linux host, and how its errors are made. The files beside this one add the kernel's behaviour.
import type { AddressInfo, FileStat, LinkInfo, NftTable, RouteInfo, RuleInfo } from '../../src/host/types.ts';
import { HostError } from '../../src/host/error.ts';
import type { Prefix } from '../../src/net/ip.ts';

export type FakeLink = { -readonly [K in keyof LinkInfo]: LinkInfo[K] } & {
  /** the other end of a veth pair; both are deleted together */
  pair?: string;
};

/** `secondary`: IPv4, behind another address of the same network on the same link (IFA_F_SECONDARY). */
export type FakeAddress = AddressInfo & { secondary: boolean };

export interface FakePeer {
  publicKey: string;
  presharedKeyDigest: string;
  endpoint: string;
  allowedIPs: readonly Prefix[];
  latestHandshake: number;
  persistentKeepalive: number;
}

export interface FakeWgDevice {
  publicKey: string;
  listenPort: number;
  fwmark: number;
  peers: Map<string, FakePeer>;
}

export interface FakeFile {
  text: string;
  stat: Omit<FileStat, 'size' | 'mtime'>;
}

export interface FakeBirdState {
  running: boolean;
  configFile: string;
  /** what the running daemon loaded last */
  generation: string | undefined;
  routerId: string;
  /** name -> up */
  protocols: Map<string, boolean>;
  /** a configuration that contains this text is a syntax error */
  refuses: string | undefined;
  /** a configuration that contains this text ends its adjacencies */
  breaks: string | undefined;
  /** OSPF neighbours that are Full while the interface has a clause, and `breaks` does not apply: `10.70.89.1 wg222` */
  neighbors: readonly string[];
  /** the configuration that it runs */
  loaded: string;
  /** the configuration that `configure undo` restores */
  before: string | undefined;
  /** when it undoes by itself, as `FakeState.now` */
  undoAt: number | undefined;
}

/** One network namespace, with the files and the BIRD that all of them share. */
export interface FakeState {
  readonly ipv6: boolean;
  readonly kernelWireguard: boolean;
  readonly vrf: boolean;
  /** the kernel has made its rules for VRFs, which it does once */
  vrfRules: boolean;
  nextIndex: number;
  /** milliseconds since the epoch */
  now: number;
  readonly links: Map<string, FakeLink>;
  readonly addresses: FakeAddress[];
  readonly routes: RouteInfo[];
  readonly rules: RuleInfo[];
  readonly sysctls: Map<string, string>;
  readonly wg: Map<string, FakeWgDevice>;
  /** names whose device is a `wireguard-go` process */
  readonly userspace: Set<string>;
  readonly files: Map<string, FakeFile>;
  readonly notes: Map<string, string>;
  /** `inet wgospf` */
  readonly nft: Map<string, NftTable>;
  readonly bird: FakeBirdState;
  /** the BIRDs inside namespaces, by control socket */
  readonly innerBirds: Map<string, FakeBirdState>;
  /** of /run/netns, the same map in each of them */
  readonly namespaces: Map<string, FakeState>;
  /** the agent's namespace; undefined in that one itself */
  readonly outside: FakeState | undefined;
}

/** Connects the namespaces of a copy made by structuredClone (or v8.serialize) with the host's clock again. */
export function wakeState(copy: FakeState): FakeState {
  for (const inside of copy.namespaces.values()) followClock(inside, copy);
  return copy;
}

/** One clock for all namespaces. */
export function followClock(inside: FakeState, outside: FakeState): void {
  const get = (): number => outside.now;
  Object.defineProperty(inside, 'now', {
    get,
    set: (ms: number) => (outside.now = ms),
    enumerable: true,
    configurable: true,
  });
}

/** The agent's own namespace and the named ones. */
export const placesOf = (state: FakeState): FakeState[] => [state.outside ?? state, ...state.namespaces.values()];

const details: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EADDRINUSE: 'Address already in use',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  EAFNOSUPPORT: 'Address family not supported by protocol',
  EBUSY: 'Device or resource busy',
  EEXIST: 'File exists',
  EHOSTUNREACH: 'No route to host',
  EINVAL: 'Invalid argument',
  ENETDOWN: 'Network is down',
  ENETUNREACH: 'Network is unreachable',
  ENODEV: 'No such device',
  ENOENT: 'No such file or directory',
  EOPNOTSUPP: 'Operation not supported',
  ESRCH: 'No such process',
};

/** A HostError with the system's own words for `code`. */
export function hostError(operation: string, code: string, detail?: string): HostError {
  return new HostError({ operation, code, detail: detail ?? details[code] ?? code });
}

/** Removes every item that matches, in place; returns the removed items. */
export function removeWhere<T>(list: T[], matches: (item: T) => boolean): T[] {
  const gone = list.filter(matches);
  const kept = list.filter((item) => !gone.includes(item));
  list.splice(0, list.length, ...kept);
  return gone;
}
