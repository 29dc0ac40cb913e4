// Examples for a tunnel's port and address that no other entry of the file has: a cure must not cause a duplicate.
import { contains, formatPrefix, networkOf, parsePrefix, type Prefix } from '../net/ip.ts';
import { nextNetwork } from '../net/overlap.ts';
import type { Path } from './locate.ts';

/** Returns a different one each time; `example` if there is nothing better. */
export type FreeExample = (path: Path, example: string) => string;

const FIRST_PORT = 51_825;
const TRIES = 4096;

const mapOf = (value: unknown, key: string): Record<string, unknown> => {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : {};
};

const textsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? (value as unknown[]) : [value]).filter((one) => typeof one === 'string');

/** The networks of all links' addresses; for the network of a whole site only the address. */
function takenNetworks(root: unknown): Prefix[] {
  return ['interfaces', 'tunnels']
    .flatMap((section) => Object.values(mapOf(root, section)))
    .flatMap((link) => textsOf(mapOf({ link }, 'link')['address']))
    .flatMap((text) => parsePrefix(text) ?? [])
    .map((prefix) => (prefix.family === 4 && prefix.length < 24 ? { ...prefix, length: 32 } : networkOf(prefix)));
}

function ports(root: unknown): () => string {
  const said = Object.values(mapOf(root, 'tunnels')).map((tunnel) => mapOf({ tunnel }, 'tunnel')['listenPort']);
  const taken = new Set(said.filter((port) => typeof port === 'number'));
  let port = FIRST_PORT - 1;
  return () => {
    do port++;
    while (taken.has(port) && port < 65_535);
    return String(port);
  };
}

function networks(root: unknown): (example: string) => string {
  const taken = takenNetworks(root);
  const mesh = textsOf(mapOf(root, 'mesh')['prefixes']).flatMap((text) => parsePrefix(text) ?? []);
  const inside = (p: Prefix): boolean => mesh.length === 0 || mesh.some((around) => contains(around, p.address));
  const touches = (p: Prefix): boolean => taken.some((t) => contains(t, p.address) || contains(p, t.address));
  const first = (p: Prefix): Prefix => {
    const around = mesh.find(({ family }) => family === p.family);
    return inside(p) || around === undefined ? p : { ...around, length: p.length };
  };
  return (example) => {
    const wanted = parsePrefix(example);
    let found = wanted && first(wanted);
    for (let i = 0; found !== undefined && touches(found) && i < TRIES; i++) found = nextNetwork(found);
    if (found === undefined || !inside(found)) return example;
    taken.push(found);
    return formatPrefix(found);
  };
}

function freePrefix(root: unknown, example: string): string {
  const said = textsOf(mapOf(root, 'mesh')['prefixes']);
  let found = parsePrefix(example);
  for (let i = 0; found !== undefined && said.includes(formatPrefix(found)) && i < TRIES; i++)
    found = nextNetwork(found);
  return found === undefined ? example : formatPrefix(found);
}

/** @param root the file's value, whatever its shape */
export function freeExamples(root: unknown): FreeExample {
  const [nextPort, next] = [ports(root), networks(root)];
  return (path, example) => {
    const [section, , key] = path;
    if (section === 'mesh' && path[1] === 'prefixes' && path.length === 3) return freePrefix(root, example);
    if (section !== 'tunnels' || path.length < 3) return example;
    if (key === 'listenPort') return nextPort();
    return key === 'address' && parsePrefix(example) !== undefined ? next(example) : example;
  };
}
