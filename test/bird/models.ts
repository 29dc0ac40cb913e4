// Small router models for the tests of bird.conf: the seed's two nodes, and variations of them.
import { DEFAULT_PRIORITIES } from '../../src/model/defaults.ts';
import type {
  BirdModel,
  LocalInterface,
  OspfArea,
  OspfInstance,
  OspfInterface,
  RouterModel,
  Tunnel,
} from '../../src/model/types.ts';
import { networkOf, parsePrefix, type Prefix } from '../../src/net/ip.ts';

const source = (path: string, line = 1): { file: string; line: number; col: number; path: string } => ({
  file: '/etc/wgospf/state.yaml',
  line,
  col: 1,
  path,
});

export function prefix(text: string): Prefix {
  const parsed = parsePrefix(text);
  if (parsed === undefined) throw new Error(`not a prefix: ${text}`);
  return parsed;
}

export const ospf = (change: Partial<OspfInterface> = {}): OspfInterface => ({
  cost: 15,
  type: 'ptmp',
  neighbors: [],
  stub: false,
  hello: undefined,
  dead: undefined,
  retransmit: undefined,
  priority: undefined,
  txLength: undefined,
  ttlSecurity: false,
  bfd: undefined,
  authentication: undefined,
  area: '0',
  instance: 'mesh',
  ...change,
});

export const area = (id: string, change: Partial<OspfArea> = {}): OspfArea => ({
  id,
  type: 'normal',
  summary: undefined,
  defaultCost: undefined,
  defaultNssa: undefined,
  translator: undefined,
  networks: [],
  external: [],
  ...change,
});

export const instance = (change: Partial<OspfInstance> = {}): OspfInstance => ({
  name: 'mesh',
  area: '0',
  areas: [area('0')],
  export: { kind: 'none' },
  importLimit: undefined,
  stubRouter: false,
  ipv4: 'v2',
  ipv6: false,
  tunnelPattern: undefined,
  source: source('bird.ospf', 31),
  ...change,
});

/** The main instance, which originates these networks. */
export const originating = (...prefixes: string[]): Partial<BirdModel> => ({
  instances: [instance({ export: { kind: 'prefixes', prefixes: prefixes.map(prefix) } })],
});

export function local(name: string, address: string, clause?: OspfInterface): LocalInterface {
  return {
    kind: name.startsWith('dummy') ? 'dummy' : 'existing',
    name,
    addresses: [prefix(address)],
    linkLocal: undefined,
    routes: [networkOf(prefix(address))],
    mtu: undefined,
    ospf: clause,
    source: source(`interfaces.${name}`),
  };
}

export function tunnel(name: string, address: string, clause?: OspfInterface): Tunnel {
  return {
    name,
    addresses: [prefix(address)],
    linkLocal: undefined,
    routes: [networkOf(prefix(address))],
    mtu: 1420,
    ospf: clause,
    source: source(`tunnels.${name}`),
    peerAddresses: [],
    peerLinkLocal: 'fe80::2',
    listenPort: 51825,
    privateKeyFile: `/etc/wgospf/keys/${name}.key`,
    peer: {
      publicKey: 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=',
      endpoint: undefined,
      presharedKeyFile: undefined,
      persistentKeepalive: 0,
      allowedIPs: [prefix('0.0.0.0/0')],
      source: source(`tunnels.${name}.peer`),
    },
  };
}

export interface ModelChange {
  readonly routerId?: string;
  readonly table?: 'main' | { name: string; id: number };
  readonly isolation?: RouterModel['mesh']['isolation'];
  readonly interfaces?: readonly LocalInterface[];
  readonly tunnels?: readonly Tunnel[];
  readonly bird?: Partial<BirdModel>;
}

export function model({
  routerId,
  table,
  isolation = 'table',
  interfaces,
  tunnels,
  bird,
}: ModelChange = {}): RouterModel {
  const main = table === 'main';
  return {
    generation: '000000000000',
    routerId: routerId ?? '10.69.1.11',
    env: { ipv6: true, kernelWireguard: true },
    mesh: {
      table: main ? { name: 'main', id: 254 } : (table ?? { name: 'nycmesh', id: 2 }),
      main,
      ...{ isolation, transit: [], exit: false, firewall: 'none', match: 'iif' },
      prefixes: [prefix('10.69.0.0/16'), prefix('10.70.0.0/16')],
      priorities: DEFAULT_PRIORITIES,
      source: source('mesh'),
    },
    interfaces: interfaces ?? [],
    tunnels: tunnels ?? [],
    wireguard: { backend: 'kernel', setup: 'auto', threaded: 'auto', source: source('wireguard') },
    bird: {
      version: 2,
      dialect: '2',
      instances: [instance()],
      secrets: [],
      secretsFile: '/var/lib/wgospf/bird/etc/bird/bird.conf.secrets',
      include: undefined,
      snippets: [],
      kernelMetric: 64,
      persist: true,
      scanTime: 10,
      configFile: '/etc/bird/bird.conf',
      controlSocket: '/run/bird/bird.ctl',
      source: source('bird', 30),
      ...bird,
    },
  };
}

const eth1 = (node: number): LocalInterface =>
  local('eth1', `10.69.${node}.11/16`, ospf({ cost: 1, type: 'ptp', neighbors: [`10.69.${node}.1`] }));

/** The seed's node 111: the /31's first address. */
export const node111 = (change: ModelChange = {}): RouterModel =>
  model({
    interfaces: [eth1(1)],
    tunnels: [tunnel('wg222', '10.70.89.0/31', ospf({ neighbors: ['10.70.89.1'] }))],
    ...change,
  });

/** Node 111 with another cost of its tunnel. */
export const costing = (cost: number): RouterModel =>
  node111({ tunnels: [tunnel('wg222', '10.70.89.0/31', ospf({ cost, neighbors: ['10.70.89.1'] }))] });

/** The seed's node 222, its far end. */
export const node222 = (): RouterModel =>
  model({
    routerId: '10.69.2.22',
    interfaces: [eth1(2)],
    tunnels: [tunnel('wg111', '10.70.89.1/31', ospf({ neighbors: ['10.70.89.0'] }))],
  });
