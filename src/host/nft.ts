// nftables by the program nft(8), which has the compiler; works with 1.0.6 (Debian 12) and later.
import { HostError, isHostError } from './error.ts';
import type { Nft, NftChain, NftSet, NftTable } from './nft-types.ts';
import { run } from './processes.ts';

export function createNft(): Nft {
  return { list, run: runScript };
}

async function list(table: string): Promise<NftTable | undefined> {
  const operation = `nft -j list table ${table}`;
  const words = ['list', 'table', ...table.split(' ')];
  try {
    const [json, terse] = await Promise.all([run('nft', ['-j', ...words]), run('nft', ['-t', ...words])]);
    const flags = flagsOf(terse);
    // the JSON of 1.0.6 has garbage in the place of a table's flags, or ends there
    return flags.length > 0 ? { flags, chains: [], sets: [] } : { flags, ...parseTable(json, operation) };
  } catch (error) {
    if (!isHostError(error)) throw error;
    // no such program, or no such table
    if (error.code === 'ENOENT' || error.detail.includes('No such file or directory')) return undefined;
    throw error;
  }
}

async function runScript(script: string): Promise<void> {
  await run('nft', ['-f', '/dev/stdin'], { input: script });
}

type Json = Readonly<Record<string, unknown>>;

/** The objects of one kind in nft's list, each of which stands under the name of its kind. */
const ofKind = (objects: readonly Json[], kind: string): Json[] =>
  objects.flatMap((object) => (kind in object ? [object[kind] as Json] : []));

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const texts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : []).map((one: unknown) => (typeof one === 'string' ? one : JSON.stringify(one)));

/** @param terse what `nft -t list table` prints */
export const flagsOf = (terse: string): string[] =>
  /^table [^\n]+\{\n\s*flags ([\w, ]+)/.exec(terse)?.[1]?.split(/, */) ?? [];

/** @param json what `nft -j list table` prints */
export function parseTable(json: string, operation: string): Omit<NftTable, 'flags'> {
  let objects: Json[];
  try {
    objects = (JSON.parse(json) as { nftables: Json[] }).nftables;
  } catch (cause) {
    throw new HostError({ operation, code: 'EPROTO', detail: 'nft printed what is no JSON', cause });
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
