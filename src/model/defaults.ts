// Every default of the state file that is one value, in one place: the schema shows them, the resolver uses them.
import type { OspfInterface, Priorities } from './types.ts';

/** Room between the rows for an operator's own rules; 1021 and 1031 are NYC Mesh's own numbers. */
export const DEFAULT_PRIORITIES: Priorities = {
  localTo: 1010,
  localFrom: 1011,
  localGuard: 1012,
  localSkip: 1013,
  interface: 1021,
  tunnel: 1031,
  reverseGuard: 1098,
  forwardGuard: 1099,
  end: 1100,
};

/** 1500 less an IPv6 underlay's 40, UDP's 8 and WireGuard's 32 bytes: fits every underlay of 1500. */
export const DEFAULT_TUNNEL_MTU = 1420;

/** NYC Mesh's cost of a really good WireGuard connection. */
export const TUNNEL_COST = 15;
/** A jumper to a router at the same site, which has a cost of its own. */
export const INTERFACE_COST = 1;
/** BIRD's default hello interval, seconds (doc: OSPF, `hello`). */
export const BIRD_HELLO = 10;

export const DEFAULT_BIRD = {
  area: 0,
  metric: 64,
  persist: true,
  scanTime: 10,
  configFile: '/etc/bird/bird.conf',
  controlSocket: '/run/bird/bird.ctl',
} as const;

const ospf = (cost: number, stub: boolean): OspfInterface => ({
  cost,
  type: 'ptp',
  neighbors: [],
  stub,
  hello: undefined,
  dead: undefined,
});

export const TUNNEL_OSPF: OspfInterface = ospf(TUNNEL_COST, false);
export const INTERFACE_OSPF: OspfInterface = ospf(INTERFACE_COST, false);
/** Nobody listens behind a dummy interface: its network is announced, no hello is sent. */
export const DUMMY_OSPF: OspfInterface = ospf(INTERFACE_COST, true);
