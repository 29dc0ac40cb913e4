// Looked for where the file wants it, where we made it once (noted), and by `down`: a router without it starts no program.
import type { Observation } from '../../engine/types.ts';
import type { Host } from '../../host/types.ts';
import type { RouterModel } from '../../model/types.ts';
import { desiredNftables } from './desired.ts';
import { specOf, TABLE, type NftablesSpec } from './spec.ts';

export const NFTABLES_NOTE: string = `nftables:${TABLE}`;

export async function observeNftables(host: Host, model: RouterModel | undefined): Promise<Observation<NftablesSpec>> {
  const wanted = model !== undefined && desiredNftables(model).length > 0;
  const noted = (await host.notes.all()).has(NFTABLES_NOTE);
  if (model !== undefined && !wanted && !noted) return { objects: [] };
  const table = await host.nft.list(TABLE);
  if (table !== undefined) return { objects: [{ spec: specOf(table), owned: true }] };
  // somebody else has deleted it, and the note is left to drop
  return { objects: noted && !wanted ? [{ spec: NOTHING, owned: true }] : [] };
}

const NOTHING: NftablesSpec = { interfaces: [], barred: [], chains: [], extra: '' };
