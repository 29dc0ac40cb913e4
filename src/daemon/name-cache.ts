// A cache of the addresses of endpoints' names, so that a pass never waits for DNS. The last good address of each name is on disk:
// so a boot with dead DNS still brings the tunnels up.
import { isHostError } from '../host/error.ts';
import type { Files, Host } from '../host/types.ts';
import { canonicalAddress } from '../net/ip.ts';

export const ENDPOINTS_FILE = '/var/lib/wgospf/endpoints.json';

export interface NameCache {
  /** canonical addresses, in the order of use; empty if the name was never resolved */
  addresses(name: string): readonly string[];
  /** takes an answer of DNS; an empty one keeps the addresses */
  answer(name: string, addresses: readonly string[]): void;
  /** whether the last answer was empty */
  fails(name: string): boolean;
  /** until `endTurns`, this address is the only one of the name for the tunnel, so that it is tried now */
  turn(tunnel: string, address: string): void;
  endTurns(): void;
  /** the addresses for the tunnel to call */
  addressesFor(name: string, tunnel: string | undefined): readonly string[];
  /** records that packets of the peer came from this address, so it works */
  proven(name: string, address: string): void;
  /** forgets all other names, and writes changes to disk */
  save(names: ReadonlySet<string>): Promise<void>;
}

/** The address in use stays first while the name still has it; the others keep the order of the resolver. */
const sorted = (addresses: readonly string[], last: string | undefined): string[] =>
  [...addresses].sort((a, b) => Number(b === last) - Number(a === last));

/** Ignores entries of the file that are not a name with an address: it is a cache, not a configuration. */
function parse(text: string): [string, string][] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, said]): [string, string][] => {
    const address = typeof said === 'string' ? canonicalAddress(said) : undefined;
    return address === undefined ? [] : [[name, address]];
  });
}

const render = (last: ReadonlyMap<string, string>): string =>
  `${JSON.stringify(Object.fromEntries([...last].sort(([a], [b]) => (a < b ? -1 : 1))), null, 2)}\n`;

async function readText(files: Files, path: string): Promise<string> {
  try {
    return (await files.read(path)) ?? '{}';
  } catch (error) {
    if (isHostError(error)) return '{}';
    throw error;
  }
}

export async function openNameCache(files: Files, path: string = ENDPOINTS_FILE): Promise<NameCache> {
  const last = new Map(parse(await readText(files, path)));
  const answers = new Map<string, readonly string[]>();
  const failing = new Set<string>();
  const turns = new Map<string, string>();
  const write = createWriter(files, path, render(last));

  const addresses = (name: string): readonly string[] => {
    const known = last.get(name);
    return answers.get(name) ?? (known === undefined ? [] : [known]);
  };

  return {
    addresses,
    addressesFor(name, tunnel) {
      const all = addresses(name);
      const turn = tunnel === undefined ? undefined : turns.get(tunnel);
      return turn !== undefined && all.includes(turn) ? [turn] : all;
    },
    fails: (name) => failing.has(name),
    turn: (tunnel, address) => void turns.set(tunnel, address),
    endTurns: () => turns.clear(),
    answer(name, found) {
      if (found.length === 0) return void failing.add(name);
      failing.delete(name);
      const now = sorted(found, last.get(name));
      answers.set(name, now);
      if (now[0] !== undefined) last.set(name, now[0]);
    },
    proven(name, address) {
      last.set(name, address);
      const found = answers.get(name);
      if (found !== undefined) answers.set(name, sorted(found, address));
    },
    async save(names) {
      for (const kept of [last, answers, failing])
        for (const name of [...kept.keys()]) if (!names.has(name)) kept.delete(name);
      await write(render(last));
    },
  };
}

/** Writes a text if it differs from the one before. A full disk loses the cache's file, not the tunnels. */
function createWriter(files: Files, path: string, before: string): (text: string) => Promise<void> {
  let written = before;
  return async (text) => {
    if (text === written) return;
    try {
      await files.write(path, text, { mode: 0o600 });
      written = text;
    } catch (error) {
      if (!isHostError(error)) throw error;
    }
  };
}

/** The host whose names are answered from the cache, at once. */
export const withNameCache = (host: Host, cache: NameCache): Host => ({
  ...host,
  resolveName(name, tunnel) {
    const literal = canonicalAddress(name);
    return Promise.resolve(literal === undefined ? [...cache.addressesFor(name, tunnel)] : [literal]);
  },
  nameFails: (name) => cache.fails(name),
});
