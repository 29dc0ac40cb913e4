// Every default of the state file that is a single value: the schema shows them, the resolver uses them.
import { BIRD_SOCKET } from '../net/names.ts';
import type { BfdSession, OspfAlgorithm, OspfInterface } from './ospf-types.ts';
import type { Priorities } from './types.ts';

/** With gaps for an operator's own rules; 1021 and 1031 are NYC Mesh's own numbers. */
export const DEFAULT_PRIORITIES: Priorities = {
  localTo: 1010,
  localFrom: 1011,
  localGuard: 1012,
  localSkip: 1013,
  transitMesh: 1014,
  transitOut: 1015,
  interface: 1021,
  tunnel: 1031,
  transitIn: 1091,
  spoofGuard: 1097,
  reverseGuard: 1098,
  forwardGuard: 1099,
  end: 1100,
};

/** 1500 less an IPv6 underlay's 40, UDP's 8 and WireGuard's 32 bytes: fits every underlay of 1500. */
export const DEFAULT_TUNNEL_MTU = 1420;

/** NYC Mesh's cost of a really good WireGuard connection. */
export const TUNNEL_COST = 15;
/** For a direct cable to a router at the same site: that router has its own cost. */
export const INTERFACE_COST = 1;
/** BIRD's default hello interval, seconds (doc: OSPF, `hello`). */
export const BIRD_HELLO = 10;

/** The name of the instance that `bird.ospf` describes: protocols mesh4 and mesh6. */
export const MAIN_INSTANCE = 'mesh';

/**
 * Slower than BIRD's own (10 ms received, 100 ms sent): a link counts as down after 2.5 s without a packet; OSPF's own dead
 * interval takes 40 s. Meshes that used 200 ms over the internet lost adjacencies without a real failure.
 */
export const DEFAULT_BFD: BfdSession = {
  minRxInterval: 500,
  minTxInterval: 500,
  idleTxInterval: 1000,
  multiplier: 5,
};

/** Algorithm of a key that names none: BIRD 1.6.8 has it as well as 2 and 3. */
export const DEFAULT_ALGORITHM: OspfAlgorithm = 'hmac-sha256';

/** Only root can write here, and BIRD's user can read its own files. /etc/bird belongs to BIRD's user. */
export const BIRD_FOLDER = '/var/lib/wgospf/bird';

/** The file of OSPF passwords of one bird.conf: each bird.conf has its own. */
export const secretsFileOf = (configFile: string): string => `${BIRD_FOLDER}${configFile}.secrets`;

export const DEFAULT_BIRD = {
  area: 0,
  metric: 64,
  persist: true,
  scanTime: 10,
  configFile: '/etc/bird/bird.conf',
  controlSocket: BIRD_SOCKET,
} as const;

/** With `isolation: netns`: the package's BIRD keeps the files above and stays outside; a BIRD of ours runs inside with these. */
export const NETNS_BIRD = {
  configFile: '/etc/bird/wgospf-netns.conf',
  controlSocket: '/run/wgospf-bird/bird.ctl',
} as const;

type UsualOspf = Pick<OspfInterface, 'cost' | 'type' | 'stub'>;

const ospf = (cost: number, stub: boolean): UsualOspf => ({ cost, type: 'ptp', stub });

export const TUNNEL_OSPF: UsualOspf = ospf(TUNNEL_COST, false);
export const INTERFACE_OSPF: UsualOspf = ospf(INTERFACE_COST, false);
/** A dummy interface has no neighbours: OSPF announces its network and sends no hello. */
export const DUMMY_OSPF: UsualOspf = ospf(INTERFACE_COST, true);
