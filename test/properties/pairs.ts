// Random pairs of state files that mirror each other: what one end says of their link, the other says too, each from its side.
// Behind both is a network with a host; whatever the two files say, that host should be reached.
import fc from 'fast-check';
import { privateKeyFrom, publicKeyFrom } from '../fakes/wg-keys.ts';

export type Side = 1 | 2;

export interface Pair {
  readonly state: (side: Side, far: { readonly underlay: string }) => unknown;
  /** the link is a tunnel, or a cable between `cab` and `cab` */
  readonly tunnel: boolean;
  /** whether the hosts have IPv6 too */
  readonly ipv6: boolean;
  readonly bfd: boolean;
}

export const keyOf = (side: Side): string => privateKeyFrom(`pair ${side}`);
export const lanOf = (side: Side): { four: string; six: string } => ({ four: `10.69.${side}`, six: `fd69:${side}:` });
/** Of at most eight bytes, so that type simple takes it too. */
export const PASSWORD = 'secret1';

const maybe = <T>(arbitrary: fc.Arbitrary<T>, odds = 0.3): fc.Arbitrary<T | undefined> =>
  fc.noBias(fc.nat(999)).chain((n) => (n < odds * 1000 ? arbitrary : fc.constant(undefined)));

/** A pair's words that depend on the side are functions of it. */
type Sided = (side: Side) => object;
const same =
  (side: object): Sided =>
  () =>
    side;
const ends =
  (one: object, two: object): Sided =>
  (side) =>
    side === 1 ? one : two;
const both =
  (net: string, a: string, b: string, length: number): Sided =>
  (side) => ({
    address: `${net}${side === 1 ? a : b}/${length}`,
  });
const withFar =
  (net: string, a: string, b: string, length: number): Sided =>
  (side) => ({
    address: `${net}${side === 1 ? a : b}/${length}`,
    peerAddress: `${net}${side === 1 ? b : a}`,
  });

const tunnelAddresses = fc.constantFrom<Sided>(
  both('10.70.0.', '0', '1', 31),
  both('10.70.0.', '5', '6', 30),
  withFar('10.70.0.', '0', '1', 31),
  withFar('10.70.0.', '10', '20', 32),
  withFar('10.70.0.', '17', '18', 29),
  both('10.70.0.', '10', '20', 32),
  both('fd70::', '0', '1', 127),
  ends({ address: ['10.70.0.0/31', 'fd70::/127'] }, { address: ['10.70.0.1/31', 'fd70::1/127'] }),
  ends(
    { address: ['10.70.0.1/32', 'fd70::1/128'], peerAddress: ['10.70.0.2', 'fd70::2'] },
    { address: ['10.70.0.2/32', 'fd70::2/128'], peerAddress: ['10.70.0.1', 'fd70::1'] },
  ),
  same({}),
);

const cableAddresses = fc.constantFrom<Sided>(
  both('10.70.0.', '0', '1', 31),
  both('10.70.0.', '5', '6', 30),
  both('10.70.0.', '1', '2', 24),
  both('10.70.0.', '10', '20', 32),
  ends(
    { address: '10.70.0.10/32', routes: ['10.70.0.20/32'] },
    { address: '10.70.0.20/32', routes: ['10.70.0.10/32'] },
  ),
  ends({ address: '10.70.0.1/24', routes: [] }, { address: '10.70.0.2/24', routes: [] }),
  ends({ address: '10.70.0.1/24', routes: ['10.70.0.0/25'] }, { address: '10.70.0.2/24', routes: ['10.70.0.0/25'] }),
  ends({ address: ['10.70.0.1/24', 'fd70::1/64'] }, { address: ['10.70.0.2/24', 'fd70::2/64'] }),
  both('fd70::', '1', '2', 64),
);

const neighbors: fc.Arbitrary<Sided> = fc.constantFrom<Sided>(
  ends({ neighbors: ['10.70.0.2'] }, { neighbors: ['10.70.0.1'] }),
  ends({ neighbors: ['10.70.0.20'] }, { neighbors: ['10.70.0.10'] }),
  ends({ neighbors: ['10.70.0.1'] }, { neighbors: ['10.70.0.0'] }),
);

const authentication = fc.oneof(
  fc.constant({ type: 'simple', passwordFile: 'keys/password' }),
  fc.record(
    {
      passwordFile: fc.constant('keys/password'),
      id: fc.constantFrom(0, 1, 255),
      algorithm: fc.constantFrom('hmac-sha256', 'hmac-sha384', 'hmac-sha512', 'hmac-sha1', 'md5'),
    },
    { requiredKeys: ['passwordFile'] },
  ),
  fc.constantFrom('2020-01-01', '2099-01-01').map((until) => ({
    keys: [
      { id: 1, passwordFile: 'keys/password', generateTo: until, acceptTo: '2099-02-01' },
      { id: 2, passwordFile: 'keys/password', algorithm: 'hmac-sha512' },
    ],
  })),
);

const ospfWords = (types: string[]): fc.Arbitrary<object> =>
  fc.record(
    {
      ...{ hello: fc.constant(1), dead: fc.constantFrom(4, 6) },
      type: maybe(fc.constantFrom(...types), 0.6),
      cost: maybe(fc.integer({ min: 1, max: 65535 })),
      retransmit: maybe(fc.constantFrom(1, 2, 5)),
      priority: maybe(fc.constantFrom(0, 1, 255), 0.15),
      txLength: maybe(fc.constantFrom(256, 576, 1400, 1500, 9000, 65535)),
      ttlSecurity: maybe(fc.constantFrom<boolean | string>(true, false, 'tx only')),
      bfd: maybe(
        fc.constantFrom<unknown>(true, { interval: 50 }, { interval: 300, multiplier: 3 }, { multiplier: 255 }),
      ),
      authentication: maybe(authentication),
      area: maybe(fc.constantFrom<number | string>(0, 1, '0.0.0.2'), 0.2),
    },
    { requiredKeys: ['hello', 'dead'] },
  );

const areas = fc.constantFrom<object>(
  {},
  { 1: { type: 'stub' } },
  { 1: { type: 'nssa' } },
  { 1: { type: 'stub', summary: true, defaultCost: 7 } },
  { 1: { type: 'nssa', summary: true, defaultNssa: true } },
  { 0: { networks: ['10.69.1.0/24'] } },
  { 1: { networks: [{ prefix: '10.69.0.0/16', hidden: true }] } },
);

const instance = fc.record(
  {
    area: maybe(fc.constantFrom<number | string>(0, 1, '0.0.0.1'), 0.3),
    areas: maybe(areas, 0.4),
    stubRouter: maybe(fc.boolean(), 0.2),
    importLimit: maybe(fc.constantFrom<unknown>(50, { routes: 2, action: 'warn' }), 0.15),
    ipv4: maybe(fc.constantFrom('v2', 'v3'), 0.4),
    ipv6: maybe(fc.boolean(), 0.3),
    tunnelPattern: maybe(fc.constant('wg*'), 0.2),
  },
  { requiredKeys: [] },
);

/** How the network behind a router comes to be known. */
const lan = fc.constantFrom<(side: Side) => { lan: object; export: unknown }>(
  () => ({ lan: { ospf: { stub: true } }, export: undefined }),
  () => ({ lan: { ospf: false }, export: 'connected' }),
  (side) => ({ lan: { ospf: false }, export: [`10.69.${side}.0/24`, `fd69:${side}::/64`] }),
);

const mesh = fc.record({
  table: fc.constantFrom<unknown>(
    { name: 'nycmesh', id: 2 },
    { name: 'm', id: 4294967295 },
    { name: 'nycmesh', id: 2 },
    'main',
  ),
  prefixes: fc.constantFrom(['10.0.0.0/8', 'fd00::/8'], ['10.69.0.0/16', '10.70.0.0/16', 'fd69::/16', 'fd70::/16']),
  // a namespace inside of the lab's has tests of its own (isolation-netns.test.ts)
  isolation: maybe(fc.constant('table'), 0.3),
  firewall: maybe(fc.constantFrom('nftables', 'none'), 0.5),
  match: maybe(fc.constant('mark'), 0.25),
  transit: maybe(fc.constant(['10.69.9.0/24']), 0.15),
  exit: maybe(fc.constant('allow'), 0.1),
});

const kernel = fc.record(
  { metric: fc.constantFrom(1, 64, 4294967294), persist: fc.boolean(), scanTime: fc.constantFrom(1, 10, 3600) },
  { requiredKeys: [] },
);

const tunnelWords = fc.record({
  listenPort: fc.constantFrom(51820, 51825, 3784, 4784, 3785, 1, 65535),
  mtu: maybe(fc.constantFrom(576, 1280, 1420, 1500, 9000), 0.4),
  allowedIPs: maybe(
    fc.constantFrom(
      ['0.0.0.0/0'],
      ['::/0'],
      ['10.0.0.0/8', '224.0.0.0/4'],
      ['0.0.0.0/0', '::/0'],
      ['10.0.0.0/8', '224.0.0.5/32', '224.0.0.6/32', 'fe80::/10', 'ff02::/16', 'fd00::/8'],
    ),
    0.3,
  ),
  persistentKeepalive: maybe(fc.constantFrom(0, 1, 65535), 0.2),
  name: fc.constantFrom('wg1', 'wg.5', 'wg-a', 'abcdefghijklmno'),
});

const drawn = fc.record({
  ...{
    mesh,
    instance,
    lan,
    tunnelWords,
    kernel: maybe(kernel),
    six: fc.boolean(),
    tunnel: fc.noBias(fc.nat(9)).map((n) => n < 7),
  },
  ...{ tunnelAddresses, cableAddresses, neighbors: maybe(neighbors, 0.15) },
  ...{ tunnelOspf: ospfWords(['ptp', 'ptmp']), cableOspf: ospfWords(['ptp', 'ptmp', 'broadcast', 'nbma']) },
  cableMtu: maybe(fc.constantFrom(1280, 1500), 0.2),
});

function tunnelOf(d: Drawn, side: Side, underlay: string): object {
  const { listenPort, mtu, allowedIPs, persistentKeepalive } = d.tunnelWords;
  const publicKey = publicKeyFrom(keyOf(side === 1 ? 2 : 1));
  // the other end only listens
  const endpoint = side === 1 ? `${underlay}:${listenPort}` : undefined;
  return {
    ...d.tunnelAddresses(side),
    ...{
      listenPort,
      mtu,
      privateKeyFile: 'keys/own.key',
      peer: { publicKey, endpoint, allowedIPs, persistentKeepalive },
    },
    ospf: { ...d.tunnelOspf, ...d.neighbors?.(side) },
  };
}

type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

function stateOf(d: Drawn, side: Side, underlay: string): unknown {
  const { four, six } = lanOf(side);
  const behind = d.lan(side);
  const cable = { ...d.cableAddresses(side), mtu: d.cableMtu, ospf: { ...d.cableOspf, ...d.neighbors?.(side) } };
  return {
    version: 1,
    router: { id: `10.69.${side}.1` },
    mesh: d.mesh,
    interfaces: {
      ...(d.tunnel ? {} : { cab: cable }),
      lan: { address: [`${four}.1/24`, ...(d.six ? [`${six}:1/64`] : [])], ...behind.lan },
    },
    tunnels: d.tunnel ? { [d.tunnelWords.name]: tunnelOf(d, side, underlay) } : {},
    bird: { ospf: { ...d.instance, export: behind.export }, kernel: d.kernel },
  };
}

export const pairs: fc.Arbitrary<Pair> = drawn.map((d): Pair => ({
  state: (side, far) => stateOf(d, side, far.underlay),
  ...{ tunnel: d.tunnel, ipv6: d.six },
  bfd: ((d.tunnel ? d.tunnelOspf : d.cableOspf) as { bfd?: unknown }).bfd !== undefined,
}));
