import type { Host } from '../../host/types.ts';
import { NFTABLES_NOTE } from './observe.ts';
import type { NftablesPayload } from './plan.ts';

export async function applyNftables({ do: verb, script }: NftablesPayload, host: Host): Promise<void> {
  // noted first: what is made and not noted would stay for ever
  if (verb === 'set') await host.notes.note(NFTABLES_NOTE, 'made');
  await host.nft.run(script);
  if (verb === 'delete') await host.notes.forget(NFTABLES_NOTE);
}
