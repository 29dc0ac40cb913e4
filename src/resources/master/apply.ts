import { isHostError } from '../../host/error.ts';
import type { Host } from '../../host/types.ts';
import type { MasterPayload } from './plan.ts';

/** ENODEV when it leaves a VRF: the link itself is gone. */
export async function applyMaster({ link, vrf }: MasterPayload, host: Host): Promise<void> {
  try {
    await host.rtnl.setLink(link, { master: vrf });
  } catch (error) {
    if (vrf !== '' || !isHostError(error, 'ENODEV')) throw error;
  }
}
