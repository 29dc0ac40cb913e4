// nftables of the fake host: reads the scripts of src/resources/nftables as nft(8) would: one transaction, in which an
// existing table can be opened again, and a missing one cannot be deleted.
import type { Nft, NftChain } from '../../src/host/types.ts';
import type { FakeState } from './fake-state.ts';
import { hostError } from './fake-state.ts';
import type { Sync } from './instrument.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
interface Draft {
  flags: string[];
  chains: (Writable<NftChain> & { rules: string[] })[];
  sets: { name: string; type: string; elements: string[] }[];
}

const priorities: Readonly<Record<string, number>> = { filter: 0, mangle: -150 };

/** One line inside the block of a chain or set. */
function fill(table: Draft, block: readonly string[], line: string): void {
  const [kind, name = ''] = block;
  const set = table.sets.find((one) => kind === 'set' && one.name === name);
  const chain = table.chains.find((one) => kind === 'chain' && one.name === name);
  const hook = /^type filter hook (?<hook>\w+) priority (?<priority>[-\w]+); policy (?<policy>\w+);$/.exec(
    line,
  )?.groups;
  if (set !== undefined) {
    set.type = /^type (\w+)$/.exec(line)?.[1] ?? set.type;
    if (line.startsWith('elements')) set.elements = [...line.matchAll(/"([^"]+)"/g)].map((m) => m[1] ?? '').toSorted();
  } else if (chain !== undefined && hook !== undefined) {
    const { hook: at = '', priority = '', policy = '' } = hook;
    Object.assign(chain, { hook: at, priority: priorities[priority] ?? Number(priority), policy });
  } else if (chain !== undefined) {
    chain.rules.push(/ comment "([^"]*)"$/.exec(line)?.[1] ?? '');
  } else if (line.startsWith('flags ')) {
    table.flags.push(line.slice(6));
  } else {
    throw hostError('nft -f /dev/stdin', 'EXIT_1', `syntax error: ${line}`);
  }
}

function open(table: Draft, kind: string, name: string): void {
  if (kind === 'set') table.sets.push({ name, type: '', elements: [] });
  else table.chains.push({ name, hook: '', priority: 0, policy: '', rules: [] });
}

/** If a later line fails, the whole script fails, as a transaction does. */
export function runNft(state: FakeState, script: string): void {
  const tables = new Map([...state.nft].map(([name, table]) => [name, structuredClone(table) as Draft]));
  let at: Draft | undefined;
  let block: string[] = [];
  for (const raw of script.split('\n')) {
    const line = raw.trim();
    const words = line.replace(/ \{$/, '').split(' ');
    const name = words.slice(words[0] === 'delete' ? 2 : 1).join(' ');
    if (line === '' || line.startsWith('#')) continue;
    if (line === 'flush ruleset') tables.clear();
    else if (line === '}') [at, block] = [block.length > 0 ? at : undefined, []];
    else if (words[0] === 'delete') {
      if (!tables.delete(name)) throw hostError('nft -f /dev/stdin', 'EXIT_1', 'Error: No such file or directory');
    } else if (words[0] === 'table') {
      const table = tables.get(name) ?? { flags: [], chains: [], sets: [] };
      tables.set(name, table);
      at = line.endsWith('{') ? table : undefined;
    } else if (at !== undefined && line.endsWith(' {')) {
      block = words;
      open(at, words[0] ?? '', words[1] ?? '');
    } else if (at !== undefined) fill(at, block, line);
  }
  state.nft.clear();
  for (const [name, table] of tables) state.nft.set(name, table);
}

export const fakeNft = (state: FakeState): Sync<Nft> => ({
  list: (table) => state.nft.get(table),
  run: (script) => runNft(state, script),
});

/** Every table as one line. */
export const nftTexts = (state: FakeState): [string, string][] =>
  [...state.nft].map(([name, table]) => [name, `nft ${name} ${JSON.stringify(table)}`]);
