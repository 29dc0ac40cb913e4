// Small models, plans and reports for the tests of the command line.
import { instance } from '../bird/models.ts';
import type { Operation, Plan, Report } from '../../src/engine/types.ts';
import type { OspfInterface, RouterModel, SourceRef, Tunnel } from '../../src/model/types.ts';
import { DEFAULT_PRIORITIES } from '../../src/model/defaults.ts';

const source: SourceRef = { file: '/etc/wgospf/state.yaml', line: 9, col: 3, path: 'tunnels.wg222' };

export const ospf = (over: Partial<OspfInterface> = {}): OspfInterface => ({
  ...{ cost: 15, type: 'ptp', neighbors: [], stub: false, hello: undefined, dead: undefined, retransmit: undefined },
  ...{ priority: undefined, txLength: undefined, ttlSecurity: false, bfd: undefined, authentication: undefined },
  ...{ area: '0', instance: 'mesh' },
  ...over,
});

export const tunnel = (name: string, peer: Partial<Tunnel['peer']> = {}, over: Partial<Tunnel> = {}): Tunnel => ({
  ...{ name, routes: [], mtu: 1420, ospf: ospf(), source, listenPort: 51825 },
  addresses: [{ family: 4, address: '10.70.89.0', length: 31 }],
  ...{ linkLocal: undefined, peerAddresses: ['10.70.89.1'], peerLinkLocal: 'fe80::2' },
  privateKeyFile: `/etc/wgospf/keys/${name}.key`,
  peer: {
    ...{ publicKey: `key-of-${name}`, endpoint: { host: 'vpn222.example.net', port: 51825 } },
    ...{ presharedKeyFile: undefined, persistentKeepalive: 0, allowedIPs: [], source },
    ...peer,
  },
  ...over,
});

export const model = (over: Partial<RouterModel> = {}): RouterModel => ({
  ...{ generation: '0123456789ab', routerId: '10.69.1.11', env: { ipv6: true, kernelWireguard: true } },
  mesh: {
    ...{ table: { name: 'nycmesh', id: 2 }, main: false, isolation: 'table', source },
    ...{ transit: [], exit: false, firewall: 'none', match: 'iif' },
    ...{ prefixes: [{ family: 4, address: '10.69.0.0', length: 16 }], priorities: DEFAULT_PRIORITIES },
  },
  interfaces: [],
  tunnels: [tunnel('wg222'), tunnel('wg22')],
  wireguard: { backend: 'kernel', setup: 'auto', threaded: 'auto', source },
  bird: {
    ...{ version: 2, dialect: '2', instances: [instance()], secrets: [], include: undefined, snippets: [] },
    ...{
      secretsFile: '/var/lib/wgospf/bird/etc/bird/bird.conf.secrets',
      kernelMetric: 64,
      persist: true,
      scanTime: 10,
      source,
    },
    ...{ configFile: '/etc/bird/bird.conf', controlSocket: '/run/bird/bird.ctl' },
  },
  ...over,
});

export const addLink: Operation = {
  ...{ kind: 'link', key: 'wg222', stage: 'link-create', action: 'create', impact: 'none', source },
  command: 'ip link add dev wg222 group 87 type wireguard',
  payload: { secret: 'a private key' },
};

export const setPeer: Operation = {
  ...{ kind: 'wireguard', key: 'wg222', stage: 'wireguard-set', action: 'update', impact: 're-handshake' },
  requires: ['link:wg222'],
  command: 'wg set wg222 peer AAAA= endpoint 192.0.2.1:51825',
  payload: {},
};

export const removeRule: Operation = {
  ...{ kind: 'rule', key: '4 1031 iif wg9', stage: 'rule-remove', action: 'delete', impact: 'none' },
  command: 'ip rule del iif wg9 lookup nycmesh priority 1031 protocol 87',
  payload: {},
};

export const addAddress: Operation = {
  ...{ kind: 'address', key: 'eth1 10.69.12.134/16', stage: 'address-add', action: 'create', impact: 'none' },
  requires: ['link:eth1'],
  command: 'ip address add 10.69.12.134/16 dev eth1',
  payload: {},
};

const nothing = { generation: '0123456789ab', waiting: [], foreign: [], conditions: [] } as const;

export const plan = (over: Partial<Plan> = {}): Plan => ({ ...nothing, operations: [], ...over });

export const report = (over: Partial<Report> = {}): Report => ({
  ...nothing,
  ...{ results: [], remaining: [], inSync: true },
  ...over,
});

/** Every kind of notice that can be beside operations. */
export const notices: Pick<Plan, 'waiting' | 'foreign' | 'conditions'> = {
  waiting: [{ operation: addAddress, missing: 'link:eth1' }],
  foreign: [
    { kind: 'rule', key: '1015', message: 'a rule of another inside our block; move it', blocking: false },
    { kind: 'link', key: 'wg5', message: 'another wg5 stands here; --adopt takes it over', blocking: true },
  ],
  conditions: [{ code: 'no-guard', severity: 'warning', subject: 'mesh.table', message: 'table main has no guards' }],
} as const;
