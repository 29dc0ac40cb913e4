// Conditions about the host's addresses. Pure.
import type { Condition } from '../../engine/types.ts';
import type { AddressInfo, LinkInfo } from '../../host/types.ts';
import { speaksOspf6, usesIpv6, wantsLinkLocal } from '../../model/ipv6.ts';
import type { RouterModel } from '../../model/types.ts';
import { formatPrefix, type Prefix } from '../../net/ip.ts';
import { isLinkLocal } from '../../net/link-local.ts';
import { meshLinks } from '../tags.ts';
import { cureFor, inMesh, isMeshName } from '../uplinks.ts';

/** The mesh prefix that contains the address, if the address's interface is not the mesh's. */
export function claims({ dev, prefix }: AddressInfo, model: RouterModel): Prefix | undefined {
  return model.mesh.main || dev === 'lo' || isMeshName(model, dev) ? undefined : inMesh(model, prefix);
}

/**
 * A network outside the mesh whose addresses `mesh.prefixes` claims: the guards would refuse its hosts, perhaps also the operator's
 * own connection.
 */
function cutOff(address: AddressInfo, model: RouterModel, own: ReadonlySet<string>): Condition | undefined {
  const { dev, prefix } = address;
  const inside = claims(address, model);
  if (inside === undefined) return undefined;
  const cure = own.has(dev) ? cureFor(dev, [prefix], model) : `name ${dev} under interfaces: or narrow mesh.prefixes`;
  const message =
    `${dev} has ${formatPrefix(prefix)}, which is inside ${formatPrefix(inside)} of mesh.prefixes, but is no mesh interface: ` +
    `its neighbours, and whoever comes in through it, would be cut off; ${cure}`;
  return { code: 'underlay-inside-mesh', severity: 'error', subject: dev, message, veto: true };
}

/** RFC 4862, 5.4.5: the kernel keeps such an address, but neither sends from it nor answers for it. */
function duplicate({ dev, prefix, duplicate: found }: AddressInfo, model: RouterModel): Condition | undefined {
  if (found !== true) return undefined;
  const wanted = meshLinks(model)
    .find(({ name }) => name === dev)
    ?.addresses.some((a) => a.address === prefix.address);
  if (wanted !== true) return undefined;
  const message =
    `another host on ${dev} has ${prefix.address} already (duplicate address detection), so the kernel does not use it; ` +
    `give one of the two another address, then: ip address delete ${formatPrefix(prefix)} dev ${dev}`;
  return { code: 'address-duplicate', severity: 'error', subject: dev, message };
}

/** For tunnels whose private key does not exist yet, or cannot be read. */
const keyless = (model: RouterModel): Condition[] =>
  model.tunnels
    .filter((tunnel) => wantsLinkLocal(model, tunnel) && tunnel.linkLocal === undefined)
    .map(({ name, privateKeyFile, keyFault }) => ({
      code: 'link-local-pending',
      severity: keyFault === undefined ? 'info' : 'error',
      subject: name,
      message:
        keyFault === undefined
          ? `the link-local address of ${name} follows from its key, once ${privateKeyFile} is there`
          : `the link-local address of ${name} follows from its key, which cannot be read: ${keyFault}`,
    }));

/** BIRD makes no OSPFv3 interface for a link without a link-local address, and reports nothing. */
function silent(model: RouterModel, links: readonly LinkInfo[], addresses: readonly AddressInfo[]): Condition[] {
  const has = (dev: string): boolean => addresses.some((a) => a.dev === dev && isLinkLocal(a.prefix.address));
  return model.interfaces
    .filter((local) => speaksOspf6(model, local) && !has(local.name))
    .filter(({ name }) => links.some((link) => link.name === name && link.up))
    .map(({ name }) => ({
      code: 'link-local-absent',
      severity: 'warning',
      subject: name,
      message:
        `${name} has no IPv6 link-local address, and BIRD speaks no OSPFv3 there; the kernel makes one where ` +
        `net.ipv6.conf.${name}.addr_gen_mode is 0 and the link's MTU 1280 or more: ip link set ${name} down, and up again`,
    }));
}

/** The file has IPv6, and the kernel does not support it. */
function noIpv6(model: RouterModel): Condition[] {
  const asks =
    model.mesh.prefixes.some(({ family }) => family === 6) || meshLinks(model).some((l) => usesIpv6(model, l));
  if (model.env.ipv6 || !asks) return [];
  const message =
    'the state file has IPv6, but this kernel is without (booted with ipv6.disable=1, or the module is not loaded); ' +
    'nothing of it is set up: boot without that option, or take IPv6 out of the file';
  return [{ code: 'ipv6-absent', severity: 'error', subject: 'host', message }];
}

/**
 * @param strange addresses that are not ours, on links that are not ours
 * @param uplinks interfaces that carry the host's default route
 */
export function addressConditions(
  model: RouterModel,
  found: { links: readonly LinkInfo[]; addresses: readonly AddressInfo[]; strange: readonly AddressInfo[] },
  uplinks: ReadonlySet<string>,
): Condition[] {
  const { links, addresses, strange } = found;
  return [
    ...strange.flatMap((address) => cutOff(address, model, uplinks) ?? []),
    ...noIpv6(model),
    ...addresses.flatMap((address) => duplicate(address, model) ?? []),
    ...keyless(model),
    ...(model.env.ipv6 ? silent(model, links, addresses) : []),
  ];
}
