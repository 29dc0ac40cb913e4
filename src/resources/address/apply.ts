import { isHostError } from '../../host/error.ts';
import type { AddressInfo, Host } from '../../host/types.ts';
import { WGOSPF_PROTOCOL } from '../../net/names.ts';
import type { AddressPayload } from './plan.ts';

/** EADDRNOTAVAIL and ENODEV: the address is already gone, with its link or because somebody deleted it. */
export async function applyAddress({ do: verb, spec }: AddressPayload, host: Host): Promise<void> {
  const address: AddressInfo = { ...spec, peer: undefined, protocol: WGOSPF_PROTOCOL };
  try {
    await (verb === 'add' ? host.rtnl.addAddress(address) : host.rtnl.deleteAddress(address));
  } catch (error) {
    const already = verb === 'add' ? isHostError(error, 'EEXIST') : isHostError(error, 'EADDRNOTAVAIL', 'ENODEV');
    if (!already) throw error;
  }
}
