// Ours are told by IFA_PROTO (kernel 5.18 and later). An older kernel keeps no such mark: there, what stands on a link
// of ours is ours, and what stands on a borrowed one is not.
import type { Condition, Observation, Observed } from '../../engine/types.ts';
import type { KernelEvent } from '../../host/monitor-types.ts';
import type { AddressInfo, Host } from '../../host/types.ts';
import type { RouterModel } from '../../model/types.ts';
import { contains, formatPrefix } from '../../net/ip.ts';
import { LINK_MARK, WGOSPF_PROTOCOL } from '../../net/names.ts';
import { meshLinks } from '../tags.ts';
import type { AddressSpec } from './spec.ts';

/** Such a kernel marks its own addresses too (IFAPROT_KERNEL_LO on the loopback's), so one mark anywhere proves it. */
const keepsProtocol = (addresses: readonly AddressInfo[]): boolean => addresses.some(({ protocol }) => protocol !== 0);

/**
 * A network outside the mesh whose addresses are the mesh's by `mesh.prefixes`: its neighbours, perhaps the operator's own
 * way in, would be refused by the guards.
 */
function cutOff(address: AddressInfo, model: RouterModel): Condition | undefined {
  const { dev, prefix } = address;
  if (model.mesh.main || dev === 'lo' || meshLinks(model).some(({ name }) => name === dev)) return undefined;
  const inside = model.mesh.prefixes.find((mesh) => contains(mesh, prefix.address));
  if (inside === undefined) return undefined;
  const message =
    `${dev} has ${formatPrefix(prefix)}, which is inside ${formatPrefix(inside)} of mesh.prefixes, but is no mesh interface: ` +
    `its neighbours, and whoever comes in through it, would be cut off; name ${dev} under interfaces: or narrow mesh.prefixes`;
  return { code: 'underlay-inside-mesh', severity: 'error', subject: dev, message, veto: true };
}

export async function observeAddresses(host: Host, model: RouterModel | undefined): Promise<Observation<AddressSpec>> {
  const [addresses, links] = await Promise.all([host.rtnl.addresses(), host.rtnl.links()]);
  const ours = new Set(links.filter(({ alias }) => alias.split(' ')[0] === LINK_MARK).map(({ name }) => name));
  const marks = keepsProtocol(addresses);
  const isOurs = ({ dev, protocol }: AddressInfo): boolean => protocol === WGOSPF_PROTOCOL || (!marks && ours.has(dev));
  const strange = addresses.filter((a) => !isOurs(a) && !ours.has(a.dev));
  return {
    objects: addresses.map((a) => ({ spec: { dev: a.dev, prefix: a.prefix }, owned: isOurs(a) })),
    conditions: model === undefined ? [] : strange.map((a) => cutOff(a, model)).filter((c) => c !== undefined),
  };
}

/** On a kernel that keeps no mark, nobody's: there an added address is found by the next full look. */
export function addressFromEvent({ kind, object }: KernelEvent): Observed<AddressSpec> | undefined {
  if (kind !== 'address') return undefined;
  return { spec: { dev: object.dev, prefix: object.prefix }, owned: object.protocol === WGOSPF_PROTOCOL };
}
