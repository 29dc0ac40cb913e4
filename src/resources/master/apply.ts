import { isHostError } from '../../host/error.ts';
import type { Host } from '../../host/types.ts';
import type { MasterPayload } from './plan.ts';

/** ENODEV as it is released: the link is gone, and with it all that it belonged to. */
export async function applyMaster({ link, vrf, anew }: MasterPayload, host: Host): Promise<void> {
  try {
    if (anew === true) await host.rtnl.setLink(link, { master: '' });
    await host.rtnl.setLink(link, { master: vrf });
  } catch (error) {
    if (vrf !== '' || !isHostError(error, 'ENODEV')) throw error;
  }
}
