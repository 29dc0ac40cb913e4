// Which parts of a router speak IPv6.
import type { LocalInterface, OspfInstance, RouterModel, Tunnel } from './types.ts';
import type { Family, Prefix } from '../net/ip.ts';

type MeshLink = LocalInterface | Tunnel;

const instanceOf = ({ bird }: RouterModel, { ospf }: MeshLink): OspfInstance | undefined =>
  bird.instances.find(({ name }) => name === ospf?.instance);

/** A tunnel gets a link-local address where OSPFv3 is spoken; another link has its own beside its IPv6 address. */
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

/** Whether BIRD speaks OSPFv2 there, given an IPv4 address. */
export const speaksOspf4 = (model: RouterModel, link: MeshLink): boolean => instanceOf(model, link)?.ipv4 === 'v2';

/** What is said to have IPv6: an address of its own, or OSPF over link-local ones. */
export const usesIpv6 = (model: RouterModel, link: MeshLink): boolean =>
  link.addresses.some(({ family }) => family === 6) || speaksOspf6(model, link);

/** A tunnel has no MAC to make a link-local address from; OSPFv3 does not start without one (RFC 5340, 2.5). */
export const wantsLinkLocal = (model: RouterModel, tunnel: Tunnel): boolean =>
  model.env.ipv6 && usesIpv6(model, tunnel);

/** Whether IPv6 packets of the mesh pass through this router. */
export const forwardsIpv6 = ({ env, mesh }: RouterModel): boolean =>
  env.ipv6 && mesh.prefixes.some(({ family }) => family === 6);
