// Which parts of a router use IPv6.
import type { LocalInterface, OspfInstance, RouterModel, Tunnel } from './types.ts';
import type { Family, Prefix } from '../net/ip.ts';

type MeshLink = LocalInterface | Tunnel;

const instanceOf = ({ bird }: RouterModel, { ospf }: MeshLink): OspfInstance | undefined =>
  bird.instances.find(({ name }) => name === ospf?.instance);

/** A tunnel gets a link-local address for OSPFv3 in any case; another link has one only beside its own IPv6 address. */
export const hasFamily = (tunnel: boolean, addresses: readonly Prefix[], family: Family): boolean =>
  (family === 6 && tunnel) || addresses.some((address) => address.family === family);

export const reaches = (_model: RouterModel, link: MeshLink, family: Family): boolean =>
  hasFamily('peer' in link, link.addresses, family);

/** Whether BIRD speaks OSPFv3 over the link: for IPv6, or for IPv4 by choice (RFC 5838). */
export function speaksOspf6(model: RouterModel, link: MeshLink): boolean {
  const instance = instanceOf(model, link);
  if (instance === undefined) return false;
  return (instance.ipv6 && reaches(model, link, 6)) || (instance.ipv4 === 'v3' && reaches(model, link, 4));
}

/** Whether BIRD speaks OSPFv2 over the link, if it has an IPv4 address. */
export const speaksOspf4 = (model: RouterModel, link: MeshLink): boolean => instanceOf(model, link)?.ipv4 === 'v2';

/** Whether a link uses IPv6: it has an IPv6 address, or OSPF runs over link-local ones. */
export const usesIpv6 = (model: RouterModel, link: MeshLink): boolean =>
  link.addresses.some(({ family }) => family === 6) || speaksOspf6(model, link);

/** A tunnel has no MAC address from which to make a link-local address; OSPFv3 does not start without one (RFC 5340, 2.5). */
export const wantsLinkLocal = (model: RouterModel, tunnel: Tunnel): boolean =>
  model.env.ipv6 && usesIpv6(model, tunnel);

/** Whether this router forwards IPv6 packets of the mesh. */
export const forwardsIpv6 = ({ env, mesh }: RouterModel): boolean =>
  env.ipv6 && mesh.prefixes.some(({ family }) => family === 6);
