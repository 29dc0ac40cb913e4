// Reads the table if the file wants it, if a note says that we made it, or for `down`: a router without it starts no program.
import type { Condition, Observation, Observe } from '../../engine/types.ts';
import { isHostError } from '../../host/error.ts';
import type { NftTable } from '../../host/types.ts';
import { desiredNftables } from './desired.ts';
import { FAULT_NOTE, hindrance, NFTABLES_NOTE } from './notes.ts';
import { specOf, TABLE, type NftablesSpec } from './spec.ts';

export const observeNftables: Observe<NftablesSpec> = async (host, model) => {
  const wanted = model === undefined ? undefined : desiredNftables(model)[0]?.spec;
  const notes = await host.notes.all();
  const noted = notes.has(NFTABLES_NOTE);
  if (model !== undefined && wanted === undefined && !noted) return { objects: [] };
  if (wanted?.optional === true) {
    const why = await hindrance(host, notes);
    if (why !== undefined) return without(wanted, why);
  }
  let table: NftTable | undefined;
  try {
    table = await host.nft.list(TABLE);
  } catch (error) {
    if (!isHostError(error)) throw error;
    if (wanted?.optional === true) return without(wanted, error.message);
    if (wanted === undefined && notes.has(FAULT_NOTE)) return { objects: [{ spec: NOTHING, owned: true }] };
    return { objects: [], conditions: [unreadable(error.message)] };
  }
  if (table !== undefined) return { objects: [{ spec: specOf(table), owned: true }] };
  // somebody else has deleted the table, and only the note is left to delete
  return { objects: noted && wanted === undefined ? [{ spec: NOTHING, owned: true }] : [] };
};

/** A second guard that is impossible counts as in place, and is reported. The rules guard, and nothing waits for it. */
const without = (wanted: NftablesSpec, why: string): Observation<NftablesSpec> => ({
  objects: [{ spec: { ...wanted, unusable: true }, owned: true }],
  conditions: [why === 'missing' ? absent : failing(why)],
});

const absent: Condition = {
  code: 'nftables-absent',
  severity: 'info',
  subject: TABLE,
  message:
    'nft is not installed, so rules alone keep the mesh apart, without a second guard for the moment in which somebody deletes them: ' +
    'apt install nftables, or mesh.firewall: none to do without',
};

const failing = (words: string): Condition => ({
  code: 'nftables-failing',
  severity: 'warning',
  subject: TABLE,
  message:
    `${words}; rules alone keep the mesh apart, without a second guard for the moment in which somebody deletes them; ` +
    'apt install --reinstall nftables, a kernel with nf_tables, or mesh.firewall: none to do without',
});

/**
 * The table counts as absent: making it again fails while nft is broken, and operations that need it as a guard wait for it. Nothing
 * else waits.
 */
const unreadable = (words: string): Condition => ({
  code: 'nftables-unreadable',
  severity: 'error',
  subject: TABLE,
  message: `${words}; wgospf cannot read its table, and the links that it guards do not come up`,
});

const NOTHING: NftablesSpec = { interfaces: [], barred: [], optional: false, chains: [], extra: '' };
