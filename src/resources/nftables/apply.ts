import { isHostError } from '../../host/error.ts';
import type { Host } from '../../host/types.ts';
import { FAULT_NOTE, faultNote, NFTABLES_NOTE } from './notes.ts';
import type { NftablesPayload } from './plan.ts';

export async function applyNftables({ do: verb, script, optional }: NftablesPayload, host: Host): Promise<void> {
  // noted first: a table without a note would stay forever
  if (verb === 'set') await host.notes.note(NFTABLES_NOTE, 'made');
  try {
    await host.nft.run(script);
  } catch (error) {
    const known = (await host.notes.all()).has(FAULT_NOTE);
    // nft itself refused, and will again: the kernel cannot do it. An nft that hung or was killed is tried again
    if (verb === 'set' && optional && isHostError(error) && error.code.startsWith('EXIT_')) {
      await host.notes.note(FAULT_NOTE, await faultNote(host, error.message));
      return;
    }
    // with a noted fault, nft never made the table that is to be deleted
    if (verb === 'set' || !known) throw error;
  }
  await host.notes.forget(FAULT_NOTE, ...(verb === 'delete' ? [NFTABLES_NOTE] : []));
}
