// Checks OSPF authentication: which settings go together, and that a key is valid at any time.
import type { Path } from '../locate.ts';
import type { Problem } from '../problem.ts';
import { timersOf } from '../resolve/resolve.ts';
import type { LinkOspf, Resolved } from '../resolve/types.ts';
import type { AuthenticationSaid, KeySaid } from '../said.ts';

const has = (said: object, word: string): boolean => Object.hasOwn(said, word);

function wordChecks(said: AuthenticationSaid, path: Path): Problem[] {
  if (has(said, 'keys') === has(said, 'passwordFile')) {
    const message = has(said, 'keys')
      ? 'passwordFile is one key and keys are several: one of the two'
      : 'no password is named';
    return [{ code: 'password-one-of', path, message, hint: 'authentication: {passwordFile: keys/wg222.ospf}' }];
  }
  const single = ['id', 'algorithm'].filter((word) => has(said, word));
  if (has(said, 'keys') && single.length > 0) {
    const message = `with keys, ${single.join(' and ')} stand beside each key`;
    return [{ code: 'password-one-of', path: [...path, single[0] ?? ''], message, hint: 'keys: [{id: 1, ...}]' }];
  }
  if (said.type !== 'simple') return [];
  const more = ['keys', ...single].filter((word) => has(said, word));
  if (more.length === 0) return [];
  const message = `type simple is one password in clear, without ${more.join(' and ')}`;
  return [{ code: 'simple-password', path: [...path, more[0] ?? ''], message, hint: 'type: cryptographic' }];
}

interface KeyEntry {
  readonly said: KeySaid;
  readonly path: Path;
}

const keysOf = (said: AuthenticationSaid, path: Path): KeyEntry[] =>
  (said.keys ?? []).flatMap((key, i) => (key === undefined ? [] : [{ said: key, path: [...path, 'keys', i] }]));

function idChecks(keys: readonly KeyEntry[]): Problem[] {
  const seen = new Set<number>();
  const taken = new Set(keys.map(({ said }) => said.id));
  const free = (id: number): number => {
    const other = Array.from({ length: 255 }, (_, i) => (id + 1 + i) % 256).find((one) => !taken.has(one)) ?? id;
    taken.add(other);
    return other;
  };
  return keys.flatMap(({ said: { id }, path }): Problem[] => {
    if (id === undefined || !seen.has(id)) {
      if (id !== undefined) seen.add(id);
      return [];
    }
    const message = `two keys of this link have the id ${id}: nobody could tell which one signed a packet`;
    return [{ code: 'key-id-twice', path: [...path, 'id'], message, hint: `id: ${free(id)}` }];
  });
}

/** Texts that sort before and after every time. */
const EVER = ['', '~'] as const;

const windowOf = (said: KeySaid, what: 'generate' | 'accept'): readonly [from: string, to: string] => [
  said[`${what}From`] ?? EVER[0],
  said[`${what}To`] ?? EVER[1],
];

function windowChecks({ said, path }: KeyEntry): Problem[] {
  const [generate, accept] = [windowOf(said, 'generate'), windowOf(said, 'accept')];
  const reversed = (['generate', 'accept'] as const).filter((what) => {
    const [from, to] = windowOf(said, what);
    return from >= to;
  });
  if (reversed[0] !== undefined) {
    const message = `${reversed[0]}To is not after ${reversed[0]}From: the key is never in use`;
    return [
      { code: 'key-window', path: [...path, `${reversed[0]}To`], message, hint: 'a later date, the same at both ends' },
    ];
  }
  if (accept[0] <= generate[0] && accept[1] >= generate[1]) return [];
  const message = 'the key signs packets at times at which, by the same dates, the far end does not take them';
  const hint = 'acceptFrom a day before generateFrom, and acceptTo a day after generateTo';
  return [{ code: 'key-window', path, message, hint }];
}

/** Reports times without a key for signing: BIRD then sends nothing, and the adjacency ends. */
function gapChecks(keys: readonly KeyEntry[], path: Path): Problem[] {
  const windows = keys.map(({ said }) => windowOf(said, 'generate')).sort(([a], [b]) => (a < b ? -1 : 1));
  let covered: string = EVER[0];
  for (const [from, to] of windows) {
    if (from > covered) break;
    if (to > covered) covered = to;
  }
  if (keys.length === 0 || covered === EVER[1]) return [];
  const when = covered === EVER[0] ? 'before the first generateFrom' : `from ${covered} on`;
  const message = `no key signs packets ${when}: the adjacency ends there`;
  const hint = 'generateTo left out of the last key, generateFrom of the first';
  return [{ code: 'key-gap', severity: 'warning', path: [...path, 'keys'], message, hint }];
}

/** OSPFv3 has no simple passwords, and BIRD refuses MD5 for it (proto/ospf/config.Y). */
function v3Checks({ instance }: LinkOspf, said: AuthenticationSaid, path: Path): Problem[] {
  const md5 = keysOf(said, path).find((key) => key.said.algorithm === 'md5');
  const where = said.type === 'simple' ? 'type' : said.algorithm === 'md5' ? 'algorithm' : undefined;
  if ((md5 === undefined && where === undefined) || !instance.v3) return [];
  const message = `${where === 'type' ? 'a simple password' : 'MD5'} cannot protect OSPFv3, which this link speaks too`;
  const at = where === undefined ? [...(md5?.path ?? path), 'algorithm'] : [...path, where];
  return [
    {
      code: 'authentication-v3',
      path: at,
      message,
      hint: where === 'type' ? 'type: cryptographic' : 'algorithm: hmac-sha256',
    },
  ];
}

/** Sequence numbers are seconds: within the same second, somebody could replay a packet (BIRD warns below 5 s). */
function helloChecks(ospf: LinkOspf): Problem[] {
  const { hello } = timersOf(ospf);
  if (ospf.said.authentication?.type === 'simple' || hello >= 5) return [];
  const message = `with a hello interval of ${hello} s packets can be replayed within the second that they are numbered by`;
  return [
    { code: 'hello-replay', severity: 'warning', path: [...ospf.path, 'hello'], message, hint: 'hello: 5, or more' },
  ];
}

export function authenticationChecks({ ospfLinks }: Resolved): Problem[] {
  return ospfLinks.flatMap(({ ospf }): Problem[] => {
    const said = ospf.said.authentication;
    if (said === undefined) return [];
    const path = [...ospf.path, 'authentication'];
    const keys = keysOf(said, path);
    return [
      ...wordChecks(said, path),
      ...idChecks(keys),
      ...keys.flatMap(windowChecks),
      ...gapChecks(keys, path),
      ...v3Checks(ospf, said, path),
      ...helloChecks(ospf),
    ];
  });
}
