// Reports an unknown key: the intended key, or the map where it belongs.
import type * as z from 'zod';
import { formatPath } from './locate.ts';
import type { Path } from './locate.ts';
import { othersWord } from './others-words.ts';
import type { Problem } from './problem.ts';
import { redact } from './redact.ts';
import { keysAt, mapsOf, noteAt } from './schema-at.ts';
import { editDistance, nearest, opposite } from './suggest.ts';

/** Our keys, by the words of wg-quick(8), systemd.netdev(5), ifupdown and BIRD. */
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
  number: 'id',
  socket: 'controlSocket',
};

const SECRETS: Readonly<Record<string, string>> = {
  privatekey: 'privateKeyFile',
  presharedkey: 'presharedKeyFile',
};

/** Keys whose values announce or admit more. So no cure moves the value of another word into them. */
const WIDENING: ReadonlySet<string> = new Set([
  'export',
  'exit',
  'transit',
  'prefixes',
  'routes',
  'allowedIPs',
  'tunnelPattern',
]);

const sameMap = (a: Path, b: Path): boolean =>
  a.length === b.length && a.every((part, i) => part === b[i] || b[i] === 'NAME');

/** The nearest map that has the key, with NAME replaced by the intended name. */
function elsewhere(root: z.ZodType, key: string, path: Path): Path | undefined {
  const shared = (map: Path): number =>
    map.filter((part, i) => part === path[i] || (part === 'NAME' && path[i] !== undefined)).length;
  const homes = mapsOf(root).filter((map) => !sameMap(path, map) && keysAt(root, map).includes(key));
  const home = homes.sort((a, b) => shared(b) - shared(a))[0];
  return home?.map((part, i) => (part === 'NAME' ? (path[i] ?? part) : part));
}

const looksLike = (value: unknown, ...keys: string[]): boolean =>
  typeof value === 'object' && value !== null && keys.some((key) => Object.hasOwn(value, key));

export interface UnknownKey {
  readonly root: z.ZodType;
  /** of the map that contains the key */
  readonly path: Path;
  readonly key: string;
  readonly value: unknown;
  /** the value as typed, in one line */
  readonly typed: string | undefined;
}

/** The intended key of the same map. */
export function meantKey({ root, path, key }: Pick<UnknownKey, 'root' | 'path' | 'key'>): string | undefined {
  const allowed = keysAt(root, path);
  const lower = key.toLowerCase();
  const others = othersWord(path, key);
  if (others !== undefined) return others.meant;
  const synonym = SECRETS[lower] ?? SYNONYMS[lower];
  if (synonym !== undefined && allowed.includes(synonym)) return synonym;
  return nearest(
    key,
    allowed.filter((word) => !opposite(key, word)),
  );
}

/** Whether `key` differs from `meant` only by one letter or by two swapped letters. */
const isSlip = (key: string, meant: string): boolean => editDistance(key.toLowerCase(), meant.toLowerCase()) <= 1;

function hintFor(unknown: UnknownKey, meant: string | undefined): string {
  const { root, path, key, value, typed } = unknown;
  const secret = SECRETS[key.toLowerCase()];
  if (secret !== undefined) {
    const where = keysAt(root, path).includes(secret)
      ? ''
      : secret === 'privateKeyFile'
        ? ', in the tunnel'
        : ', under its `peer`';
    return `${secret}: FILE${where}, with the key itself in FILE and out of this one`;
  }
  if (key === '<<') return 'the fields themselves: merge keys are not read';
  if (meant !== undefined) {
    if (WIDENING.has(meant) && !isSlip(key, meant)) return `${meant}: only where you mean it, with what belongs there`;
    const said = typed === undefined || redact(typed) === typed || meant === 'publicKey' ? typed : undefined;
    return `${meant}: ${said ?? noteAt(root, [...path, meant])?.example ?? '...'}`;
  }
  if (path.length === 0 && looksLike(value, 'peer', 'listenPort')) return `${key}: two spaces deeper, under tunnels:`;
  if (path.length === 0 && looksLike(value, 'address')) return `${key}: two spaces deeper, under interfaces:`;
  const home = elsewhere(root, key, path);
  if (home?.length === 0) return `${key}: at the start of a line, under no other key`;
  if (home !== undefined) return redact(`${key}: ${typed ?? '...'}`) + ` under \`${formatPath(home)}\``;
  return `one of ${keysAt(root, path).join(', ')}`;
}

export function unknownKey(unknown: UnknownKey): Problem {
  const { path } = unknown;
  const key = redact(unknown.key);
  const where = path.length === 0 ? 'a state file' : `\`${formatPath(path)}\``;
  const meant = meantKey(unknown);
  const secret = SECRETS[unknown.key.toLowerCase()] !== undefined;
  const others = othersWord(path, unknown.key, unknown.value);
  if (others !== undefined) {
    const message = `${where} has no key \`${key}\`: ${others.message}`;
    return { code: 'unknown-key', path: [...path, unknown.key], part: 'key', message, hint: others.hint };
  }
  return {
    code: secret ? 'key-in-file' : 'unknown-key',
    path: [...path, unknown.key],
    part: 'key',
    message: secret
      ? `this is a key itself; everybody who can read this file could read it`
      : `${where} has no key \`${key}\`${meant === undefined ? '' : `; did you mean \`${meant}\`?`}`,
    hint: hintFor(unknown, meant),
  };
}
