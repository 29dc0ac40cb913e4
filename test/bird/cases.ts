// Every variant of bird.conf, by the name of its golden file.
import type { OspfAuthentication, OspfInterface, OspfKey, RouterModel, Tunnel } from '../../src/model/types.ts';
import { linkLocalOf } from '../../src/net/link-local.ts';
import { area, instance, local, model, node111, node222, originating, ospf, prefix, tunnel } from './models.ts';

/** Tunnels wg1, wg2, ... of type ptp, each with its own change. */
const tunnels = (...changes: Partial<OspfInterface>[]): Tunnel[] =>
  changes.map((change, i) => tunnel(`wg${i + 1}`, `10.70.89.${2 * i}/31`, ospf({ type: 'ptp', ...change })));

const to = (link: Tunnel, host: string): Tunnel => ({
  ...link,
  peer: { ...link.peer, endpoint: { host, port: 51825 } },
});

const key = (change: Partial<OspfKey> = {}): OspfKey => ({
  ...{ id: 1, algorithm: 'hmac-sha256', constant: 'wgospf_password_wg1', passwordFile: '/etc/wgospf/keys/wg1.ospf' },
  ...{ generateFrom: undefined, generateTo: undefined, acceptFrom: undefined, acceptTo: undefined },
  ...change,
});

const keys = (...list: OspfKey[]): OspfAuthentication => ({ type: 'cryptographic', keys: list });

const secret = (name: string): { constant: string; file: string } => ({
  constant: `wgospf_password_${name}`,
  file: `/etc/wgospf/keys/${name}.ospf`,
});

const bfd = (interval: number, multiplier: number): OspfInterface['bfd'] => ({
  ...{ minRxInterval: interval, minTxInterval: interval, idleTxInterval: 1000, multiplier },
});

/** With an address of each family, and the resulting link-local one. */
const dualStack = (name: string, n: number, clause: OspfInterface): Tunnel => ({
  ...tunnel(name, `10.70.89.${2 * n}/31`, clause),
  addresses: [prefix(`10.70.89.${2 * n}/31`), prefix(`fd70:89::${2 * n}/127`)],
  linkLocal: linkLocalOf(name),
});

const shared = instance({ tunnelPattern: 'wg*' });

const plain: Readonly<Record<string, RouterModel>> = {
  'seed-node-111': node111(),
  'seed-node-222': node222(),
  'table-main': node111({ table: 'main' }),
  'other-table': node111({ table: { name: 'mesh', id: 300 } }),
  'no-interfaces': model(),
  'road-warrior': node111({ tunnels: [tunnel('wgneel', '10.70.73.0/31'), tunnel('wg222', '10.70.89.0/31', ospf())] }),
  'stub-networks': node111({
    interfaces: [
      local('dummy0', '10.69.200.1/32', ospf({ cost: 1, stub: true })),
      local('eth2', '10.69.50.1/24', ospf({ cost: 5, stub: true, type: 'broadcast', neighbors: ['10.69.50.2'] })),
    ],
  }),
  'originated-prefixes': node111({ bird: originating('0.0.0.0/0', '10.69.0.0/16') }),
  timers: node111({
    tunnels: [
      tunnel('wg222', '10.70.89.0/31', ospf({ type: 'ptp', hello: 2, dead: 8 })),
      tunnel('wg333', '10.70.89.2/31', ospf({ hello: 5 })),
      tunnel('wg444', '10.70.89.4/30', ospf({ dead: 60, cost: 65535 })),
    ],
  }),
  'broadcast-and-nbma': node111({
    interfaces: [
      local('eth1', '10.69.1.11/24', ospf({ cost: 1, type: 'broadcast' })),
      local('eth2', '10.69.2.11/24', ospf({ cost: 2, type: 'nbma', neighbors: ['10.69.2.1', '10.69.2.2'] })),
    ],
  }),
  'kernel-options': node111({ bird: { persist: false, kernelMetric: 32, scanTime: 20 } }),
  'area-one': node111({
    interfaces: [],
    tunnels: [tunnel('wg222', '10.70.89.0/31', ospf({ type: 'ptp', area: '1' }))],
    bird: { instances: [instance({ area: '1', areas: [area('1')] })] },
  }),
  'counted-names': model({
    tunnels: ['wg10', 'wg2', 'wg1', 'wg-a.b_c'].map((name, i) => tunnel(name, `10.70.89.${2 * i}/31`, ospf())),
  }),
  'ipv6-beside': model({
    interfaces: [local('eth0.100', '2001:db8:1::1/64', ospf({ neighbors: ['2001:db8:1::2', '10.69.9.2'] }))],
    bird: originating('2001:db8::/32', '10.69.9.0/24'),
  }),
};

const authentication: Readonly<Record<string, RouterModel>> = {
  'authentication-one-key': model({
    tunnels: tunnels({ authentication: keys(key()) }, { authentication: keys(key({ algorithm: 'md5', id: 255 })) }),
    bird: { secrets: [secret('wg1')] },
  }),
  'authentication-simple': model({
    tunnels: tunnels({
      authentication: { type: 'simple', constant: 'wgospf_password_wg1', passwordFile: '/etc/wgospf/keys/wg1.ospf' },
    }),
    bird: { secrets: [secret('wg1')] },
  }),
  'authentication-rollover': model({
    tunnels: tunnels({
      authentication: keys(
        key({ generateTo: '2026-12-24 00:00:00', acceptTo: '2026-12-25 00:00:00' }),
        key({
          ...{
            id: 2,
            algorithm: 'hmac-sha512',
            generateFrom: '2026-12-24 00:00:00',
            acceptFrom: '2026-12-23 00:00:00',
          },
          ...{ constant: 'wgospf_password_wg1_next', passwordFile: '/etc/wgospf/keys/wg1-next.ospf' },
        }),
      ),
    }),
    bird: { secrets: [secret('wg1'), secret('wg1_next')] },
  }),
};

const areas: Readonly<Record<string, RouterModel>> = {
  'several-areas': node111({
    tunnels: tunnels({}, { area: '1' }, { area: '2' }, { area: '167772161' }),
    bird: {
      instances: [
        instance({
          areas: [
            area('0'),
            area('1', { type: 'stub', summary: false, defaultCost: 100 }),
            area('2', {
              ...{ type: 'nssa', defaultNssa: true, summary: true, defaultCost: 50, translator: true },
              external: [{ prefix: prefix('10.70.200.0/22'), hidden: false }],
            }),
            area('167772161', {
              networks: [
                { prefix: prefix('10.70.0.0/17'), hidden: false },
                { prefix: prefix('10.70.128.0/17'), hidden: true },
                { prefix: prefix('fd70::/16'), hidden: false },
              ],
            }),
          ],
        }),
      ],
    },
  }),
  'several-instances': node111({
    tunnels: tunnels({}, { instance: 'campus' }, { instance: 'campus', area: '5' }),
    bird: {
      instances: [
        instance({ export: { kind: 'prefixes', prefixes: [prefix('10.70.120.0/24')] } }),
        {
          ...instance({ name: 'campus', areas: [area('0'), area('5')], stubRouter: true }),
          export: { kind: 'prefixes', prefixes: [prefix('10.70.120.0/24'), prefix('10.70.121.0/24')] },
          source: { file: '/etc/wgospf/state.yaml', line: 40, col: 5, path: 'bird.instances.campus' },
        },
      ],
    },
  }),
};

const instanceWords: Readonly<Record<string, RouterModel>> = {
  'export-connected': node111({ bird: { instances: [instance({ export: { kind: 'connected' } })] } }),
  'export-by-filter': node111({
    bird: {
      instances: [instance({ export: { kind: 'filter', name: 'to_mesh' } })],
      include: '/etc/wgospf/bird.d/*.conf',
      snippets: [{ file: '/etc/wgospf/bird.d/to-mesh.conf', digest: '0123456789abcdef' }],
    },
  }),
  'import-limit': node111({ bird: { instances: [instance({ importLimit: { routes: 5000, action: 'block' } })] } }),
  'stub-router': node111({ bird: { instances: [instance({ stubRouter: true })] } }),
};

const linkWords: Readonly<Record<string, RouterModel>> = {
  'all-words-of-a-link': model({
    tunnels: tunnels(
      { retransmit: 3, priority: 0, txLength: 1366, ttlSecurity: true },
      { hello: 5, dead: 20, ttlSecurity: 'tx only' },
    ),
  }),
  bfd: model({
    interfaces: [local('dummy0', '10.69.200.1/32', ospf({ stub: true, bfd: bfd(500, 5) }))],
    tunnels: tunnels({ bfd: bfd(500, 5) }, {}, { bfd: bfd(300, 10) }, { bfd: bfd(500, 5) }),
  }),
  'endpoints-in-main': node111({
    table: 'main',
    tunnels: [
      to(tunnel('wg222', '10.70.89.0/31', ospf({ type: 'ptp' })), '203.0.113.5'),
      to(tunnel('wg333', '10.70.89.2/31', ospf({ type: 'ptp' })), '2001:db8::5'),
      to(tunnel('wg444', '10.70.89.4/31', ospf({ type: 'ptp' })), 'vpn444.example.net'),
    ],
  }),
  'endpoints-in-main-without-interfaces': model({
    table: 'main',
    tunnels: [
      to(tunnel('wg222', '10.70.89.0/31', ospf({ type: 'ptp' })), '203.0.113.5'),
      to(tunnel('wg333', '10.70.89.2/31', ospf({ type: 'ptp' })), '203.0.113.77'),
    ],
  }),
};

const patterns: Readonly<Record<string, RouterModel>> = {
  'pattern-all-alike': node111({ tunnels: tunnels({}, {}, {}), bird: { instances: [shared] } }),
  'pattern-no-tunnels': model({ bird: { instances: [shared] } }),
  'pattern-some-differ': node111({
    tunnels: [
      ...tunnels({ cost: 100 }, { cost: 100 }, { cost: 300 }, { area: '1' }),
      tunnel('wg9', '10.70.90.0/31'),
      tunnel('other', '10.70.90.2/31', ospf({ cost: 100, type: 'ptp' })),
    ],
    bird: { instances: [{ ...shared, areas: [area('0'), area('1')] }] },
  }),
};

const ipv6: Readonly<Record<string, RouterModel>> = {
  'dual-stack': model({
    interfaces: [
      {
        ...local('eth1', '10.69.1.11/16', ospf({ cost: 1, type: 'ptp' })),
        addresses: [prefix('10.69.1.11/16'), prefix('fd69:1::11/64')],
      },
    ],
    tunnels: [
      dualStack('wg222', 0, ospf({ type: 'ptp', bfd: bfd(500, 5) })),
      dualStack('wg333', 1, ospf({ type: 'ptmp', neighbors: ['10.70.89.3', 'fe80::3'], ttlSecurity: true })),
      { ...dualStack('wg444', 2, ospf({ type: 'ptp' })), addresses: [] },
      dualStack('wg555', 3, ospf({ type: 'ptp', authentication: keys(key()) })),
    ],
    bird: {
      ...originating('10.70.120.0/24', 'fd70:120::/48'),
      instances: [
        instance({
          ipv6: true,
          export: { kind: 'prefixes', prefixes: [prefix('10.70.120.0/24'), prefix('fd70:120::/48')] },
        }),
      ],
      secrets: [secret('wg1')],
    },
  }),
  'vrf-dual-stack': model({
    isolation: 'vrf',
    tunnels: [dualStack('wg222', 0, ospf({ type: 'ptp', bfd: bfd(500, 5) }))],
    bird: { instances: [instance({ ipv6: true })] },
  }),
  'ipv4-over-v3': node111({
    tunnels: [dualStack('wg222', 0, ospf({ type: 'ptmp', neighbors: ['10.70.89.1', 'fe80::2'] }))],
    bird: { instances: [instance({ ipv4: 'v3' })] },
  }),
  'dual-stack-in-main': model({
    table: 'main',
    tunnels: [
      to(dualStack('wg222', 0, ospf({ type: 'ptp' })), '2001:db8::5'),
      to(dualStack('wg333', 1, ospf({ type: 'ptp' })), '203.0.113.5'),
    ],
    bird: { instances: [instance({ ipv6: true, tunnelPattern: 'wg*' })] },
  }),
};

const vrf: Readonly<Record<string, RouterModel>> = {
  vrf: node111({ isolation: 'vrf', bird: originating('10.70.120.0/24') }),
  'vrf-bfd': model({ isolation: 'vrf', tunnels: tunnels({ bfd: bfd(500, 5) }, {}) }),
};

/** As BIRD 2 and 3 read them. */
export const cases: Readonly<Record<string, RouterModel>> = {
  ...{ ...plain, ...authentication, ...areas, ...instanceWords },
  ...{ ...linkWords, ...patterns, ...ipv6, ...vrf },
};

/** The cases for 1.6, which has one daemon per family and no OSPFv3. */
export const cases16: Readonly<Record<string, RouterModel>> = Object.fromEntries(
  Object.entries(cases).filter(([name]) => !Object.hasOwn(ipv6, name)),
);
