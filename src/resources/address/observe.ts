// IFA_PROTO marks our addresses (kernel 5.18 and later). An older kernel keeps no such mark: there, an address is ours
// if it is on a link of ours, and foreign if it is on a borrowed link.
import { completeOn } from '../../engine/complete.ts';
import type { Condition, Observe, Observed } from '../../engine/types.ts';
import type { KernelEvent } from '../../host/monitor-types.ts';
import type { HostReader } from '../../host/reader.ts';
import type { AddressInfo } from '../../host/types.ts';
import { wantsLinkLocal } from '../../model/ipv6.ts';
import { mainRoutes } from '../../model/main-routes.ts';
import type { RouterModel } from '../../model/types.ts';
import { isLinkLocal } from '../../net/link-local.ts';
import { isMarked, WGOSPF_PROTOCOL } from '../../net/names.ts';
import { uplinks } from '../uplinks.ts';
import { announcedNetworks } from './announced.ts';
import { addressConditions, claims } from './conditions.ts';
import type { AddressSpec } from './spec.ts';

/** Such a kernel marks its own addresses too (IFAPROT_KERNEL_LO on those of the loopback), so one mark anywhere proves it. */
const keepsProtocol = (addresses: readonly AddressInfo[]): boolean => addresses.some(({ protocol }) => protocol !== 0);

/** While a tunnel's key cannot be read, its right link-local address is unknown: the present one stays. */
function undecided(model: RouterModel | undefined): (address: AddressInfo) => boolean {
  const tunnels = (model?.tunnels ?? []).filter((t) => model && wantsLinkLocal(model, t) && t.linkLocal === undefined);
  return ({ dev, prefix }) => isLinkLocal(prefix.address) && tunnels.some(({ name }) => name === dev);
}

export const observeAddresses: Observe<AddressSpec> = async (host, said) => {
  const [model, addresses, links] = await Promise.all([
    completeOn(host, said),
    host.rtnl.addresses(),
    host.rtnl.links(),
  ]);
  const ours = new Set(links.filter(isMarked).map(({ name }) => name));
  const marks = keepsProtocol(addresses);
  const stays = undecided(model);
  const isOurs = (address: AddressInfo): boolean => {
    const { dev, protocol, prefix } = address;
    if (protocol === WGOSPF_PROTOCOL) return !stays(address);
    // an address that the kernel makes by itself (of a dummy, of a tun) must stay
    return !marks && ours.has(dev) && !(isLinkLocal(prefix.address) && !isTunnel(model, dev)) && !stays(address);
  };
  const strange = addresses.filter((a) => !isOurs(a) && !ours.has(a.dev));
  return {
    objects: addresses.map((a) => ({ spec: { dev: a.dev, prefix: a.prefix }, owned: isOurs(a) })),
    conditions:
      model === undefined
        ? []
        : [
            ...(await conditionsOf(host, model, { links, addresses, strange })),
            ...announcedNetworks(
              model,
              addresses.filter((a) => !isOurs(a)),
            ),
          ],
  };
};

/** There are many routes, so they are read only if an address clashes. */
async function conditionsOf(
  host: HostReader,
  model: RouterModel,
  found: Parameters<typeof addressConditions>[1],
): Promise<Condition[]> {
  const isClash = found.strange.some((address) => claims(address, model) !== undefined);
  return addressConditions(
    model,
    found,
    isClash ? uplinks(await host.rtnl.routes(mainRoutes(model)), model) : new Set(),
  );
}

/** A foreign network begins or ends to clash with the mesh. */
export const stirsAddresses = ({ kind, object, netns }: KernelEvent, model: RouterModel): boolean =>
  kind === 'address' &&
  netns === undefined &&
  object.protocol !== WGOSPF_PROTOCOL &&
  claims(object, model) !== undefined;

const isTunnel = (model: RouterModel | undefined, dev: string): boolean =>
  model?.tunnels.some(({ name }) => name === dev) === true;

/** On a kernel that keeps no mark, the address counts as foreign: there, the next full look finds an added address. */
export function addressFromEvent({ kind, object }: KernelEvent): Observed<AddressSpec> | undefined {
  if (kind !== 'address') return undefined;
  return { spec: { dev: object.dev, prefix: object.prefix }, owned: object.protocol === WGOSPF_PROTOCOL };
}
