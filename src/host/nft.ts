// nftables through the program nft(8), which compiles the rules; works with 1.0.6 (Debian 12) and later.
import { HostError, isHostError } from './error.ts';
import type { Nft, NftChain, NftSet, NftTable } from './nft-types.ts';
import type { NftGeneration } from './nft-generation.ts';
import { run } from './processes.ts';

/** A table of ours has a few dozen rules. */
const LIST_MS = 3_000;
const RUN_MS = 5_000;

/** Listings expire, because the generation starts again when nf_tables is unloaded and loaded again. */
const GOOD_MS = 300_000;

interface Listed {
  readonly generation: number;
  readonly at: number;
  readonly table: NftTable | undefined;
}

/** @param generation of the ruleset: while it stays the same, a listing remains valid */
export function createNft(generation: Pick<NftGeneration, 'get'>): Nft {
  const known = new Map<string, Listed>();
  return {
    async list(table) {
      // read the generation first: after a change in between, the next call lists again
      const now = await generation.get();
      const last = known.get(table);
      const at = performance.now();
      if (last !== undefined && last.generation === now && at - last.at < GOOD_MS) return last.table;
      known.delete(table);
      const found = await list(table);
      if (now !== undefined) known.set(table, { generation: now, at, table: found });
      return found;
    },
    run: runScript,
  };
}

async function list(table: string): Promise<NftTable | undefined> {
  const operation = `nft -j list table ${table}`;
  const words = ['list', 'table', ...table.split(' ')];
  try {
    const options = { timeout: LIST_MS, shunned: true };
    const [json, terse] = await Promise.all([
      run('nft', ['-j', ...words], options),
      run('nft', ['-t', ...words], options),
    ]);
    const flags = flagsOf(terse);
    // the JSON of 1.0.6 contains garbage instead of a table's flags, or ends there
    return flags.length > 0 ? { flags, chains: [], sets: [] } : { flags, ...parseTable(json, operation) };
  } catch (error) {
    if (!isHostError(error)) throw error;
    // no such program, or no such table
    if (error.code === 'ENOENT' || error.detail.includes('No such file or directory')) return undefined;
    throw error;
  }
}

async function runScript(script: string): Promise<void> {
  await run('nft', ['-f', '/dev/stdin'], { input: script, timeout: RUN_MS, shunned: true });
}

type Json = Readonly<Record<string, unknown>>;

/** The objects of one kind in nft's list; each is the value of a key with the name of its kind. */
const ofKind = (objects: readonly Json[], kind: string): Json[] =>
  objects.flatMap((object) => (kind in object ? [object[kind] as Json] : []));

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const texts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : []).map((one: unknown) => (typeof one === 'string' ? one : JSON.stringify(one)));

function listOf(said: unknown): Json[] {
  const list: unknown = typeof said === 'object' && said !== null && 'nftables' in said ? said.nftables : undefined;
  if (!Array.isArray(list)) throw new Error('there is no list in it');
  return list.filter((one: unknown): one is Json => typeof one === 'object' && one !== null);
}

/** @param terse what `nft -t list table` prints */
export const flagsOf = (terse: string): string[] =>
  /^table [^\n]+\{\n\s*flags ([\w, ]+)/.exec(terse)?.[1]?.split(/, */) ?? [];

/** @param json what `nft -j list table` prints */
export function parseTable(json: string, operation: string): Omit<NftTable, 'flags'> {
  let objects: Json[];
  try {
    objects = listOf(JSON.parse(json));
  } catch (cause) {
    const detail = 'nft printed something that is not a list of rules; apt install --reinstall nftables';
    throw new HostError({ operation, code: 'EPROTO', detail, cause });
  }
  const rules = ofKind(objects, 'rule');
  const chainOf = (chain: Json): NftChain => ({
    name: text(chain['name']),
    hook: text(chain['hook']),
    priority: typeof chain['prio'] === 'number' ? chain['prio'] : 0,
    policy: text(chain['policy']),
    rules: rules.filter((rule) => rule['chain'] === chain['name']).map((rule) => text(rule['comment'])),
  });
  const setOf = (set: Json): NftSet => ({
    name: text(set['name']),
    type: text(set['type']),
    elements: texts(set['elem']).toSorted(),
  });
  return {
    chains: ofKind(objects, 'chain').map(chainOf),
    sets: [...ofKind(objects, 'set'), ...ofKind(objects, 'map')].map(setOf),
  };
}
