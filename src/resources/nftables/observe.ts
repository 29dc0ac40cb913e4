// Looked for where the file wants it, where we made it once (noted), and by `down`: a router without it starts no program.
import type { Condition, Observation } from '../../engine/types.ts';
import { isHostError } from '../../host/error.ts';
import type { Host, NftTable } from '../../host/types.ts';
import type { RouterModel } from '../../model/types.ts';
import { desiredNftables } from './desired.ts';
import { specOf, TABLE, type NftablesSpec } from './spec.ts';

export const NFTABLES_NOTE: string = `nftables:${TABLE}`;

export async function observeNftables(host: Host, model: RouterModel | undefined): Promise<Observation<NftablesSpec>> {
  const wanted = model !== undefined && desiredNftables(model).length > 0;
  const noted = (await host.notes.all()).has(NFTABLES_NOTE);
  if (model !== undefined && !wanted && !noted) return { objects: [] };
  let table: NftTable | undefined;
  try {
    table = await host.nft.list(TABLE);
  } catch (error) {
    if (!isHostError(error)) throw error;
    return { objects: [], conditions: [unreadable(error.message)] };
  }
  if (table !== undefined) return { objects: [{ spec: specOf(table), owned: true }] };
  // somebody else has deleted it, and the note is left to drop
  return { objects: noted && !wanted ? [{ spec: NOTHING, owned: true }] : [] };
}

/**
 * As if it were not there: making it anew fails as long as nft is broken, and what wants it as its guard waits for it. Nothing else
 * is held up.
 */
const unreadable = (words: string): Condition => ({
  code: 'nftables-unreadable',
  severity: 'error',
  subject: TABLE,
  message: `${words}; what the table of rules is like is not known, and what it guards does not come up`,
});

const NOTHING: NftablesSpec = { interfaces: [], barred: [], chains: [], extra: '' };
