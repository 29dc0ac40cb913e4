// Random valid state files. What two files say of one name never collides with what they say of another, so that any file
// may follow any other.
import fc from 'fast-check';
import { stringify } from 'yaml';
import { privateKeyFrom, publicKeyFrom } from '../fakes/wg-keys.ts';

/** Links that `hostLines` makes; state files may name them as local interfaces, and eth9, which is never there. */
const locals = ['eth1', 'eth2', 'eth9'] as const;
const tunnelNumbers = [1, 2, 3, 4] as const;
const MESH = ['10.69.0.0/16', '10.70.0.0/16'];

export const hostLines: string = [
  'ip link set lo up',
  ...['eth0', 'eth1', 'eth2'].flatMap((name) => [
    `ip link add ${name} type veth peer name ${name}far`,
    `ip link set ${name}far up`,
  ]),
  'ip link set eth0 up',
  'ip link set eth1 up',
  'ip address add 198.51.100.11/24 dev eth0',
  // with its last IPv4 address a link loses its routes, also foreign ones: eth1 has one of its own
  'ip address add 192.0.2.11/24 dev eth1',
  'ip route add default via 198.51.100.1 dev eth0',
  ...tunnelNumbers.map((n) => `wg genpsk > /etc/wgospf/keys/wg${n}.psk`),
].join('\n');

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });

const ospf = fc.oneof(
  fc.constant(false as const),
  fc.record({ cost: fc.integer({ min: 1, max: 65535 }), type: fc.constantFrom('ptp', 'ptmp') }),
);

const endpoint = fc.constantFrom('198.51.100.22:51820', '[2001:db8::22]:51820', '203.0.113.7:1024');

const tunnel = (n: number): fc.Arbitrary<unknown> =>
  fc.record({
    address: fc.constantFrom(`10.70.89.${2 * n}/31`, `10.70.90.${4 * n + 1}/30`, `10.70.91.${4 * n + 2}/30`),
    listenPort: fc.constantFrom(51820 + n, 52820 + n),
    mtu: maybe(fc.integer({ min: 1280, max: 1500 })),
    privateKeyFile: fc.constantFrom(`keys/wg${n}.key`, 'keys/shared.key'),
    peer: fc.record({
      publicKey: fc.constantFrom('a', 'b').map((far) => publicKeyFrom(privateKeyFrom(`far ${far}${n}`))),
      // a peer that has an endpoint keeps it when the file no longer says one: WireGuard cannot take it away
      endpoint: n % 2 === 0 ? fc.constant(undefined) : endpoint,
      presharedKeyFile: maybe(fc.constant(`keys/wg${n}.psk`)),
      persistentKeepalive: maybe(fc.integer({ min: 1, max: 60 })),
      allowedIPs: maybe(fc.constantFrom(['0.0.0.0/0'], ['10.0.0.0/8', '224.0.0.0/4'])),
    }),
    ospf: maybe(ospf),
  });

const local = (n: number): fc.Arbitrary<unknown> =>
  fc.record({
    address: fc.constantFrom(`10.69.${n}.11/24`, `10.69.${n}.12/24`),
    mtu: maybe(fc.integer({ min: 1280, max: 1500 })),
    ospf: maybe(ospf.filter((o) => o === false || o.type === 'ptp')),
  });

const dummy = fc.record({ kind: fc.constant('dummy'), address: fc.constantFrom('10.69.200.1/32', '10.69.201.1/32') });

/** Some entries of a map, in any order. */
function someOf(entries: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<Record<string, unknown>> {
  return fc
    .shuffledSubarray(Object.keys(entries))
    .chain((names) => fc.tuple(...names.map((name) => fc.tuple(fc.constant(name), entries[name] ?? fc.constant({})))))
    .map((chosen) => Object.fromEntries(chosen));
}

const table = fc.oneof(
  { weight: 4, arbitrary: fc.record({ name: fc.constantFrom('nycmesh', 'mesh'), id: fc.constantFrom(2, 3, 900) }) },
  { weight: 1, arbitrary: fc.constant('main') },
);

/** The state as an object; undefined values stand for what is not said. */
export const stateObjects: fc.Arbitrary<unknown> = fc.record({
  version: fc.constant(1),
  router: fc.record({ node: fc.integer({ min: 1, max: 2499 }), instance: fc.constant(1) }),
  mesh: fc.record({
    table,
    prefixes: fc
      .shuffledSubarray(['192.168.42.0/24', '10.90.0.0/16', 'fd42:69::/32'])
      .map((more) => [...more, ...MESH]),
  }),
  interfaces: someOf({ ...Object.fromEntries(locals.map((name, n) => [name, local(n + 1)])), dummy0: dummy }),
  tunnels: someOf(Object.fromEntries(tunnelNumbers.map((n) => [`wg${n}`, tunnel(n)]))),
  bird: maybe(
    fc.record({
      kernel: fc.record({ metric: fc.constantFrom(32, 64) }),
      ospf: fc.record({ area: fc.constantFrom(0, 7) }),
    }),
  ),
});

export const toYaml = (state: unknown): string => stringify(JSON.parse(JSON.stringify(state)));

export const stateFiles: fc.Arbitrary<string> = stateObjects.map(toYaml);

/** The same state with the keys of every map in another order; `pick` gives numbers from 0 up to, not with, its argument. */
export function shuffleKeys(value: unknown, pick: (below: number) => number): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => shuffleKeys(item, pick));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(shuffled(Object.entries(value), pick).map(([key, v]) => [key, shuffleKeys(v, pick)]));
}

export function shuffled<T>(list: readonly T[], pick: (below: number) => number): T[] {
  const left = [...list];
  return list.flatMap(() => left.splice(pick(left.length), 1));
}
