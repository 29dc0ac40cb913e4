import { isHostError } from '../../host/error.ts';
import type { Host } from '../../host/types.ts';
import { FAULT_NOTE, faultNote, NFTABLES_NOTE } from './notes.ts';
import type { NftablesPayload } from './plan.ts';

export async function applyNftables({ do: verb, script, optional }: NftablesPayload, host: Host): Promise<void> {
  // noted first: what is made and not noted would stay for ever
  if (verb === 'set') await host.notes.note(NFTABLES_NOTE, 'made');
  try {
    await host.nft.run(script);
  } catch (error) {
    const known = (await host.notes.all()).has(FAULT_NOTE);
    // nft itself said no, and will again: the kernel cannot do it. One that hangs, or was killed, is tried anew
    if (verb === 'set' && optional && isHostError(error) && error.code.startsWith('EXIT_')) {
      await host.notes.note(FAULT_NOTE, await faultNote(host, error.message));
      return;
    }
    // nor did it make what is to go
    if (verb === 'set' || !known) throw error;
  }
  await host.notes.forget(FAULT_NOTE, ...(verb === 'delete' ? [NFTABLES_NOTE] : []));
}
