// The texts of random state files (schema-arbitrary.ts): addresses that fit together more often than not, and all that is odd
// but allowed in a name, a path or a pattern.
import fc from 'fast-check';
import { privateKeyFrom, publicKeyFrom } from '../fakes/wg-keys.ts';
import { DEFAULT_PRIORITIES } from '../../src/model/defaults.ts';
import { familyOf } from '../../src/net/ip.ts';
import type { Drawn, Place, Words } from './schema-arbitrary.ts';

/** What stands for the folder of the machine that a path is in; no path of a state file starts so by itself. */
export const ROOT = '/ROOT';
/** Filters that the snippets have. */
export const FILTERS: readonly string[] = ['to_mesh', 'F', 'wgospf_2'];

const TUNNELS = ['wg1', 'wg-3', 'wg4.5', 'abcdefghijklmno'];
const LOCALS = ['eth1', 'eth2.100', 'br_lan', 'dummy0'];
const LINKS = [...TUNNELS, ...LOCALS];

/** Which link a place belongs to, from 1; 0 outside of them. */
const numberOf = ({ path }: Place): number => LINKS.indexOf(path[1] ?? '') + 1;
const isTunnel = ({ path }: Place): boolean => path[0] === 'tunnels';

const one = (...texts: string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);

const tunnelAddresses = (n: number): string[] => [
  ...[`10.70.${n}.0/31`, `10.70.${n}.1/31`, `10.70.${n}.5/30`, `10.70.${n}.9/32`, `10.70.${n}.18/29`],
  ...[`fd70:${n}::/127`, `fd70:${n}::1/127`, `fd70:${n}::9/128`, `fd70:${n}::2/64`],
];
const localAddresses = (n: number): string[] => [
  ...[`10.69.${n}.1/24`, `10.69.${n}.9/32`, `10.69.${n}.17/30`, `10.69.${n}.33/31`],
  ...[`fd69:${n}::1/64`, `fd69:${n}::9/128`],
];

const address = (place: Place): fc.Arbitrary<string> =>
  one(...(isTunnel(place) ? tunnelAddresses : localAddresses)(numberOf(place)));

function far(place: Place): fc.Arbitrary<string> {
  const n = numberOf(place);
  return one(`10.70.${n}.1`, `10.70.${n}.0`, `10.70.${n}.6`, `10.70.${n}.10`, `10.70.${n}.19`, `fd70:${n}::a`);
}

const neighbor = (place: Place): fc.Arbitrary<string> => {
  const n = numberOf(place);
  return isTunnel(place)
    ? fc.oneof(far(place), one(`fe80::${n}`))
    : one(`10.69.${n}.2`, `10.69.${n}.10`, `10.69.${n}.18`, `10.69.${n}.32`, `fe80::${n}`, 'fe80::abcd:1');
};

const network = (): fc.Arbitrary<string> =>
  one(
    '0.0.0.0/0',
    '10.69.0.0/16',
    '10.70.120.0/24',
    '10.70.121.7/32',
    '10.71.0.0/17',
    '::/0',
    'fd69:120::/48',
    'fd70::/16',
  );

const area = (): fc.Arbitrary<string> => one('0.0.0.0', '0.0.0.1', '0.0.1.0', '255.255.255.255', '10.69.0.0');
const password = (): fc.Arbitrary<string> =>
  one('keys/ospf.password', "keys/it's $HOME.password", 'keys/ä.password', '/etc/wgospf/other.password');

const moment = (): fc.Arbitrary<string> =>
  one(
    '2026-12-24',
    '2026-12-24 18:30',
    '2027-02-28T00:00:00',
    '1999-12-31 23:59:59',
    '2099-01-01',
    '2038-01-19 03:14:08',
  );

const path = (leaf: string) => (): fc.Arbitrary<string> =>
  one(...['', '/a b', "/it's", '/ä#;', '/a{b}', '/a\\b', '/$x', '/*'].map((folder) => `${ROOT}${folder}/${leaf}`));

const without = (value: Drawn, ...keys: string[]): Drawn =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));

/** One address of each family. */
const oneOfAFamily = (list: Drawn): unknown =>
  (list as unknown as string[]).filter((a, i, all) => all.findIndex((b) => familyOf(b) === familyOf(a)) === i);

/** All of them, each greater than the one before. */
function priorities(drawnMap: Drawn): unknown {
  const numbers = Object.values(drawnMap).filter((n) => typeof n === 'number');
  const [first, step] = [(numbers[0] ?? 1) % 20000, ((numbers[1] ?? 1) % 900) + 1];
  return Object.fromEntries(Object.keys(DEFAULT_PRIORITIES).map((row, i) => [row, first + 1 + i * step]));
}

/** One password or several keys, and of these each with another id. */
function authentication(drawnMap: Drawn): unknown {
  const { keys, passwordFile = 'keys/ospf.password' } = drawnMap;
  if (drawnMap['type'] === 'simple') return { ...without(drawnMap, 'keys', 'id', 'algorithm'), passwordFile };
  const several = Array.isArray(keys) && (drawnMap['passwordFile'] === undefined || keys.length > 1);
  if (!several) return { ...without(drawnMap, 'keys'), passwordFile };
  return {
    ...without(drawnMap, 'passwordFile', 'id', 'algorithm'),
    keys: keys.map((key: Drawn, i) => ({ ...key, id: i * 127 })),
  };
}

/** Words that say something of the type, and area 0 of none but the normal one. */
function areaWords(drawn: Drawn, { path }: Place): unknown {
  const drawnMap = path.at(-1) === '0' ? without(drawn, 'type') : drawn;
  const stub = ['defaultNssa', 'translator', 'external'];
  const type = drawnMap['type'] ?? 'normal';
  return type === 'nssa'
    ? drawnMap
    : without(drawnMap, ...stub, ...(type === 'stub' ? [] : ['summary', 'defaultCost']));
}

const router = (drawnMap: Drawn): unknown =>
  'node' in drawnMap
    ? { ...without(drawnMap, 'id'), node: Number(drawnMap['node']) % 2500 || 7 }
    : { id: '10.69.1.11', ...without(drawnMap, 'instance') };

export const stateWords: Words = {
  texts: {
    'router.id': () => one('10.69.1.11', '1.0.0.0', '255.255.255.254', '192.0.2.1'),
    'mesh.table.name': () => one('nycmesh', 'm', 'Mesh_2-b', 'a123456789012345678901234567890'),
    'mesh.prefixes.*': () => one('10.69.0.0/16', '10.0.0.0/8', '10.0.0.0/8', 'fd00::/8', 'fd70::/16', '192.168.0.0/16'),
    'mesh.transit.*': network,
    'interfaces.*.address': address,
    'interfaces.*.address.*': address,
    'interfaces.*.routes.*': (place) =>
      one(`10.69.${numberOf(place)}.0/24`, `10.69.${100 + numberOf(place)}.0/24`, `10.69.${numberOf(place)}.10/32`),
    'tunnels.*.address': address,
    'tunnels.*.address.*': address,
    peerAddress: far,
    'peerAddress.*': far,
    'tunnels.*.routes.*': (place) => one(`10.70.${100 + numberOf(place)}.0/24`, `fd70:${100 + numberOf(place)}::/32`),
    privateKeyFile: () => one('keys/private.key', '/etc/wgospf/own key', "it's.key"),
    presharedKeyFile: () => one('keys/shared.psk', '/etc/wgospf/keys/ä.psk'),
    publicKey: (place) => fc.constant(publicKeyFrom(privateKeyFrom(`far ${numberOf(place)}`))),
    endpoint: () => one('192.0.2.1:51825', '[2001:db8::1]:1', 'vpn222.example.net:65535'),
    'allowedIPs.*': () => one('0.0.0.0/0', '::/0', '10.0.0.0/8', '224.0.0.0/4', 'ff00::/8', 'fe80::/10', 'fd00::/8'),
    'neighbors.*': neighbor,
    passwordFile: password,
    ...{ generateFrom: moment, generateTo: moment, acceptFrom: moment, acceptTo: moment },
    'ospf.instance': () => one('campus', 'B_2', 'mesh'),
    area,
    'export.*': network,
    'export.filter': () => one(...FILTERS),
    'networks.*': network,
    'networks.*.prefix': network,
    'external.*': network,
    'external.*.prefix': network,
    tunnelPattern: () => one('wg*', 'wg?', 'wg-*', 'wg4.*', 'ab*'),
    include: () => one(`${ROOT}/snippets/*.conf`, `${ROOT}/snippets/filters.conf`),
    configFile: path('bird.conf'),
    controlSocket: path('bird.ctl'),
  },
  names: {
    interfaces: LOCALS,
    tunnels: TUNNELS,
    instances: ['campus', 'B_2'],
    areas: ['0', '1', '0.0.0.2'],
  },
  odds: {
    'mesh.table': 1,
    interfaces: 0.9,
    tunnels: 0.95,
    ospf: 0.6,
    'tunnels.*.address': 0.9,
    listenPort: 1,
    'bird.version': 0.1,
    include: 0.4,
    // most of these are lost again, for much else of the file must fit them
    ...{ 'ospf.authentication': 0.5, keys: 0.7, algorithm: 0.9, generateTo: 0.4, acceptTo: 0.4 },
    ...{ areas: 0.7, 'areas.*.type': 0.9, summary: 0.7, defaultNssa: 0.7, external: 0.6, importLimit: 0.5 },
  },
  fixes: {
    router,
    'mesh.priorities': priorities,
    address: oneOfAFamily,
    peerAddress: oneOfAFamily,
    authentication,
    'areas.*': areaWords,
  },
};
