// An unknown key: what was meant, or where it belongs.
import type { z } from 'zod';
import { formatPath } from './locate.ts';
import type { Path } from './locate.ts';
import type { Problem } from './problem.ts';
import { keysAt, noteAt } from './schema-at.ts';
import { nearest } from './suggest.ts';

/** Words of wg-quick(8), systemd.netdev(5), ifupdown and BIRD for our keys. */
const SYNONYMS: Readonly<Record<string, string>> = {
  port: 'listenPort',
  psk: 'presharedKeyFile',
  keepalive: 'persistentKeepalive',
  pubkey: 'publicKey',
  key: 'publicKey',
  peers: 'peer',
  ip: 'address',
  networks: 'routes',
  metric: 'cost',
  neighbours: 'neighbors',
  routerid: 'id',
  hellointerval: 'hello',
  deadinterval: 'dead',
  interface: 'interfaces',
  tunnel: 'tunnels',
  rules: 'priorities',
  pref: 'priorities',
  socket: 'controlSocket',
};

const SECRETS: Readonly<Record<string, string>> = {
  privatekey: 'privateKeyFile',
  presharedkey: 'presharedKeyFile',
};

/** Every map of the file whose keys are fixed, with a name standing for those that are free. */
const MAPS: readonly Path[] = [
  [],
  ['router'],
  ['mesh'],
  ['mesh', 'table'],
  ['mesh', 'priorities'],
  ['interfaces', 'NAME'],
  ['tunnels', 'NAME'],
  ['tunnels', 'NAME', 'peer'],
  ['tunnels', 'NAME', 'ospf'],
  ['wireguard'],
  ['bird'],
  ['bird', 'ospf'],
  ['bird', 'kernel'],
];

const sameMap = (a: Path, b: Path): boolean =>
  a.length === b.length && a.every((part, i) => part === b[i] || b[i] === 'NAME');

function elsewhere(root: z.ZodType, key: string, path: Path): string | undefined {
  const homes = MAPS.filter((map) => !sameMap(path, map) && keysAt(root, map).includes(key));
  // the nearest place: the one that shares most of the path
  const shared = (map: Path): number => map.filter((part, i) => part === path[i] || part === 'NAME').length;
  const home = homes.sort((a, b) => shared(b) - shared(a))[0];
  if (home === undefined) return undefined;
  return home.length === 0 ? 'at the start of a line, under no other key' : `under \`${formatPath(home)}\``;
}

const looksLike = (value: unknown, ...keys: string[]): boolean =>
  typeof value === 'object' && value !== null && keys.some((key) => Object.hasOwn(value, key));

function hintFor(root: z.ZodType, path: Path, key: string, value: unknown): string {
  const allowed = keysAt(root, path);
  const lower = key.toLowerCase();
  const secret = SECRETS[lower];
  if (secret !== undefined) {
    return allowed.includes(secret)
      ? `${secret}: FILE, with the key itself in FILE and out of this one`
      : `${secret}: FILE where it belongs, with the key itself in FILE and out of this one`;
  }
  if (key === '<<') return 'the fields themselves: merge keys are not read';
  const synonym = SYNONYMS[lower];
  const meant = synonym !== undefined && allowed.includes(synonym) ? synonym : nearest(key, allowed);
  if (meant !== undefined) return `${meant}: ${noteAt(root, [...path, meant])?.example ?? '...'}`;
  if (path.length === 0 && looksLike(value, 'peer', 'listenPort')) return `${key}: two spaces deeper, under tunnels:`;
  if (path.length === 0 && looksLike(value, 'address')) return `${key}: two spaces deeper, under interfaces:`;
  const place = elsewhere(root, key, path);
  if (place !== undefined) return `${key}: ${place}`;
  return `one of ${allowed.join(', ')}`;
}

export function unknownKey(root: z.ZodType, path: Path, key: string, value: unknown): Problem {
  const where = path.length === 0 ? 'a state file' : `\`${formatPath(path)}\``;
  const hint = hintFor(root, path, key, value);
  const meant = /^(\w+): /.exec(hint)?.[1];
  const question =
    meant !== undefined && meant !== key && SECRETS[key.toLowerCase()] === undefined
      ? `; did you mean \`${meant}\`?`
      : '';
  return {
    code: 'unknown-key',
    path: [...path, key],
    part: 'key',
    message: `${where} has no key \`${key}\`${question}`,
    hint,
  };
}
