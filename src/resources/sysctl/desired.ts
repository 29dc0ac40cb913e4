// Only what a mesh needs: forwarding, no strict reverse-path filter, addresses that change without losing routes, and IPv6 on the
// links to which the file gives IPv6.
import type { Desired } from '../../engine/types.ts';
import { forwardsIpv6, usesIpv6 } from '../../model/ipv6.ts';
import type { RouterModel, SourceRef } from '../../model/types.ts';
import { vrfOf } from '../../model/sides.ts';
import { meshLinks, type MeshLink } from '../tags.ts';
import { threadedOf, type SysctlSpec } from './spec.ts';

/** A dot in an interface name (eth0.100) would count as a separator. */
const level = (name: string): string => name.replaceAll('.', '/');

interface Setting {
  readonly name: string;
  readonly value: string;
  readonly link?: string;
  readonly ephemeral?: boolean;
  readonly early?: boolean;
}

const setting = (
  { name, value, link, ephemeral = false, early = false }: Setting,
  source: SourceRef,
): Desired<SysctlSpec> => ({
  spec: { name, value, dev: link, ephemeral, early },
  source,
  borrowed: true,
});

const isTunnel = (link: MeshLink): boolean => !('kind' in link);

function perLink(link: MeshLink, name: string, value: string, early = false): Desired<SysctlSpec> {
  const ephemeral = isTunnel(link) || ('kind' in link && link.kind === 'dummy');
  const [family, leaf] = name.split('.');
  return setting(
    { name: `net.${family ?? ''}.conf.${level(link.name)}.${leaf ?? ''}`, value, link: link.name, ephemeral, early },
    link.source,
  );
}

function ofLink(link: MeshLink, { mesh }: RouterModel): Desired<SysctlSpec>[] {
  return [
    // Strict filtering drops every packet that takes another way back, which is normal in a mesh. The effective value is
    // the greater of `all` and the interface's own (Documentation/networking/ip-sysctl), so 2 wins over a strict `all`.
    perLink(link, 'ipv4.rp_filter', '2'),
    // If an address changes within its network, without this setting the removal of the old one also removes the new one,
    // and every route over the link.
    perLink(link, 'ipv4.promote_secondaries', '1'),
    // A router of the mesh, or a host that pretends to be one, must not change this host's routes. With forwarding on, the
    // interface's own value 0 is enough (IN_DEV_RX_REDIRECTS, linux/inetdevice.h).
    perLink(link, 'ipv4.accept_redirects', '0'),
    // Only with this setting does rp_filter's lookup use the packet's mark (fib_validate_source); without it no rule leads back.
    ...(mesh.match === 'mark' ? [perLink(link, 'ipv4.src_valid_mark', '1')] : []),
  ];
}

/**
 * For every mesh link, also if the file gives it no IPv6: the advertisement of a router there would become a default route and
 * addresses in main, and the host's own traffic would go into the mesh. Without advertisements there are no prefixes either
 * (ndisc_router_discovery); redirects have a setting of their own, and only that of the interface counts (ndisc_redirect_rcv).
 */
const unadvised = (link: MeshLink): Desired<SysctlSpec>[] => [
  perLink(link, 'ipv6.accept_ra', '0', true),
  perLink(link, 'ipv6.accept_redirects', '0', true),
];

/** All are set before the first address, and so before the link is up. */
function ofIpv6Link(link: MeshLink, model: RouterModel): Desired<SysctlSpec>[] {
  const all = [
    // a hardened host disables IPv6 for new links, and the kernel then refuses an address (EACCES)
    perLink(link, 'ipv6.disable_ipv6', '0', true),
    // otherwise a link that goes down loses its IPv6 addresses (addrconf_ifdown); link-local ones go anyway
    perLink(link, 'ipv6.keep_addr_on_down', '1', true),
  ];
  // The kernel's WireGuard disables the automatic address by itself (wg_open); a tun gets a random one (RFC 7217)
  // beside ours, and BIRD may use either.
  if (isTunnel(link) && model.wireguard.backend === 'userspace')
    all.push(perLink(link, 'ipv6.addr_gen_mode', '1', true));
  return all;
}

/** Forwarding makes an interface ignore router advertisements, from which an uplink may have its default route. */
function advertisements(model: RouterModel): Desired<SysctlSpec>[] {
  const mesh = new Set(meshLinks(model).map(({ name }) => name));
  return (model.env.acceptsRa ?? [])
    .filter((link) => !mesh.has(link))
    .map((link) =>
      setting({ name: `net.ipv6.conf.${level(link)}.accept_ra`, value: '2', link, early: true }, model.mesh.source),
    );
}

/**
 * By default a socket that is bound to no device receives nothing from a VRF, and the kernel resets its existing connections: an
 * operator who came in by a mesh address would be locked out. BIRD's sockets are bound to the VRF.
 */
const unboundSockets = (source: SourceRef): Desired<SysctlSpec>[] =>
  ['tcp', 'udp'].map((of) => setting({ name: `net.ipv4.${of}_l3mdev_accept`, value: '1' }, source));

function ofVrf(model: RouterModel): Desired<SysctlSpec>[] {
  const vrf = vrfOf(model);
  if (vrf === '') return [];
  const { source } = model.mesh;
  const rest = model.env.ipv6 ? meshLinks(model).filter((link) => !usesIpv6(model, link)) : [];
  return [
    ...unboundSockets(source),
    setting({ name: `net.ipv4.conf.${level(vrf)}.rp_filter`, value: '2', link: vrf, ephemeral: true }, source),
    // a link goes down and up when it enters a VRF, and foreign IPv6 addresses would be lost
    ...rest.map((link) => perLink(link, 'ipv6.keep_addr_on_down', '1', true)),
  ];
}

/**
 * For devices of the kernel; a tun has no NAPI. The setting stays as long as the device, and later peers get it too
 * (netif_napi_add_weight).
 */
function ofThreads({ wireguard, tunnels }: RouterModel): Desired<SysctlSpec>[] {
  const { threaded, backend } = wireguard;
  if (threaded === 'auto' || backend !== 'kernel') return [];
  const value = threaded ? '1' : '0';
  return tunnels.map(({ name, source }) =>
    setting({ name: threadedOf(name), value, link: name, ephemeral: true }, source),
  );
}

/** A host whose mesh has its own namespace forwards nothing for it, and has none of its links. */
export function desiredSysctls(model: RouterModel): Desired<SysctlSpec>[] {
  if (model.mesh.isolation === 'netns') return [];
  const { source } = model.mesh;
  const links = meshLinks(model);
  const forwarding = forwardsIpv6(model)
    ? [...advertisements(model), setting({ name: 'net.ipv6.conf.all.forwarding', value: '1' }, source)]
    : [];
  return [
    setting({ name: 'net.ipv4.ip_forward', value: '1' }, source),
    ...forwarding,
    ...ofVrf(model),
    ...links.flatMap((link) => ofLink(link, model)),
    ...ofThreads(model),
    ...(model.env.ipv6 ? links.flatMap(unadvised) : []),
    ...(model.env.ipv6 ? links.filter((link) => usesIpv6(model, link)).flatMap((link) => ofIpv6Link(link, model)) : []),
  ];
}
