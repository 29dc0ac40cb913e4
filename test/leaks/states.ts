// State files of the four routers. By the costs, packets from A to D go through B, and those back through C, so every router
// between sees only one direction (rp_filter 1 would drop that).
//
//        B 222
//      /       \
//   A 111     D 444        and A - D, which comes and goes
//      \       /
//        C 333
import { localAddresses } from '../netns/lab/seed-mesh.ts';

export const nodes = { A: 111, B: 222, C: 333, D: 444 } as const;
export type RouterName = keyof typeof nodes;

/** How A is kept apart; `table+...` are a table with more words. */
export const modes = ['table', 'table+mark', 'table+nftables', 'vrf', 'netns'] as const;
export type Mode = (typeof modes)[number];

export const NETWORK6 = 'fd42::/16';
export const MESH: readonly string[] = ['10.69.0.0/16', '10.70.0.0/16', NETWORK6];
export const UNDERLAY: readonly string[] = ['198.51.100.0/24', '2001:db8::/64'];
/** Sources outside mesh and underlay, by kind. Nothing else in the proof has them. */
export const foreign = {
  private: ['192.168.77.5', 'fd77:77::5'],
  public: ['192.0.2.77', '2001:db8:77::5'],
  'link-local': ['169.254.77.7', 'fe80::77'],
  // only in this family: `::` is the same case
  unspecified: ['0.0.0.0'],
} as const;
/** A kernel does not forward packets of `0.0.0.0` and `fe80::` (ip_route_input_slow, ip6_forward). */
export const FORWARDED: readonly string[] = [...foreign.private, ...foreign.public, foreign['link-local'][0]];
export const TABLE = 'nycmesh';

export const addressesOf = (node: number): { router: string; host: string; router6: string; host6: string } => {
  const { router, host } = localAddresses(node);
  const site = `fd42:69:${node}::`;
  return { router, host, router6: `${site}1`, host6: `${site}50` };
};

interface Cable {
  readonly ends: readonly [RouterName, RouterName];
  readonly costs: readonly [number, number];
}

/** In this order: cable N has port 51800 + N, 10.70.0.2N/31 and fd42:70::2N/127. */
export const cables: readonly Cable[] = [
  { ends: ['A', 'B'], costs: [10, 10] },
  { ends: ['A', 'C'], costs: [20, 10] },
  { ends: ['B', 'D'], costs: [10, 20] },
  { ends: ['C', 'D'], costs: [10, 10] },
  { ends: ['A', 'D'], costs: [5, 5] },
];

export interface TunnelText {
  readonly name: string;
  readonly port: number;
  readonly addresses: readonly [string, string];
  readonly cost: number;
  readonly mtu: number;
  /** the far end's public key */
  readonly key: string;
  readonly endpoint: string;
}

export interface StateText {
  readonly node: number;
  readonly mode: Mode;
  /** without: no local interface */
  readonly eth1: boolean;
  readonly tunnels: readonly TunnelText[];
}

/** The far end's tunnel has our node's name, and ours has its. */
export const tunnelName = (far: RouterName): string => `wg${nodes[far]}`;

const words: Readonly<Record<Mode, string>> = {
  table: 'isolation: table',
  'table+mark': 'isolation: table\n  match: mark',
  'table+nftables': 'isolation: table\n  firewall: nftables',
  vrf: 'isolation: vrf',
  netns: 'isolation: netns',
};

const tunnelText = ({ name, port, addresses, cost, mtu, key, endpoint }: TunnelText): string => `
  ${name}:
    address: [${addresses[0]}, "${addresses[1]}"]
    listenPort: ${port}
    mtu: ${mtu}
    peer: {publicKey: ${key}, endpoint: "${endpoint}", persistentKeepalive: 5}
    ospf: {cost: ${cost}, hello: 1, dead: 4}`;

export function stateText({ node, mode, eth1, tunnels }: StateText): string {
  const { router, router6 } = addressesOf(node);
  return `version: 1
router: {node: ${node}}
mesh:
  table: {name: ${TABLE}, id: 2}
  ${words[mode]}
  prefixes: [10.69.0.0/16, 10.70.0.0/16, "${NETWORK6}"]
interfaces:${eth1 ? `\n  eth1: {address: [${router}/24, "${router6}/64"], ospf: {stub: true}}` : ' {}'}
tunnels:${tunnels.length === 0 ? ' {}' : tunnels.map(tunnelText).join('')}
`;
}
