// Only what routing a mesh needs: forwarding, no strict reverse-path filter, addresses that change without losing routes,
// and IPv6 on the links that the file gives IPv6 to.
import type { Desired } from '../../engine/types.ts';
import { forwardsIpv6, usesIpv6 } from '../../model/ipv6.ts';
import type { RouterModel, SourceRef } from '../../model/types.ts';
import { vrfOf } from '../../model/sides.ts';
import { meshLinks, type MeshLink } from '../tags.ts';
import { threadedOf, type SysctlSpec } from './spec.ts';

/** A dot in an interface name (eth0.100) would read as a level. */
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
    // Strict filtering drops every packet that comes back another way, which is the rule in a mesh. The effective value is
    // the greater of `all` and the interface's own (Documentation/networking/ip-sysctl), so 2 wins over a strict `all`.
    perLink(link, 'ipv4.rp_filter', '2'),
    // An address that changes within its network: without this, the old one takes the new one along as it goes, and every
    // route over the link with it.
    perLink(link, 'ipv4.promote_secondaries', '1'),
    // A router of the mesh, or a host that says it is one, must not change the ways of this host. With forwarding on, the
    // interface's own value counts alone as soon as it is 0 (IN_DEV_RX_REDIRECTS, linux/inetdevice.h).
    perLink(link, 'ipv4.accept_redirects', '0'),
    // The look-up of rp_filter has a packet's mark only then (fib_validate_source), and without it no rule leads back.
    ...(mesh.match === 'mark' ? [perLink(link, 'ipv4.src_valid_mark', '1')] : []),
  ];
}

/**
 * Of every link of the mesh, also where the file gives it no IPv6: what a router on it advertises would become a default route
 * and addresses in main, and the host's own traffic would go into the mesh. Without advertisements there are no prefixes either
 * (ndisc_router_discovery); redirects are asked for apart, and of the interface alone (ndisc_redirect_rcv).
 */
const unadvised = (link: MeshLink): Desired<SysctlSpec>[] => [
  perLink(link, 'ipv6.accept_ra', '0', true),
  perLink(link, 'ipv6.accept_redirects', '0', true),
];

/** All of them before the first address, and so before the link is up. */
function ofIpv6Link(link: MeshLink, model: RouterModel): Desired<SysctlSpec>[] {
  const all = [
    // a hardened host has it switched off for new links; an address is refused then (EACCES)
    perLink(link, 'ipv6.disable_ipv6', '0', true),
    // or a link that goes down takes its IPv6 addresses along (addrconf_ifdown); link-local ones go all the same
    perLink(link, 'ipv6.keep_addr_on_down', '1', true),
  ];
  // The kernel's WireGuard switches the automatic address off by itself (wg_open); a tun gets a random one (RFC 7217)
  // beside ours, and BIRD takes either.
  if (isTunnel(link) && model.wireguard.backend === 'userspace')
    all.push(perLink(link, 'ipv6.addr_gen_mode', '1', true));
  return all;
}

/** Forwarding ends router advertisements at an interface that takes them; its uplink's default route may come by them. */
function advertisements(model: RouterModel): Desired<SysctlSpec>[] {
  const mesh = new Set(meshLinks(model).map(({ name }) => name));
  return (model.env.acceptsRa ?? [])
    .filter((link) => !mesh.has(link))
    .map((link) =>
      setting({ name: `net.ipv6.conf.${level(link)}.accept_ra`, value: '2', link, early: true }, model.mesh.source),
    );
}

/**
 * A socket that is bound to no device hears nothing of a VRF by default, and the kernel resets the connections that it has:
 * an operator who came in by a mesh address would be locked out. BIRD's sockets are bound to it.
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
    // a link is cycled as it comes into a VRF, and others' IPv6 addresses would not come back
    ...rest.map((link) => perLink(link, 'ipv6.keep_addr_on_down', '1', true)),
  ];
}

/**
 * Of a device of the kernel's; a tun has no NAPI. It goes on over the device's life, and peers that come later have it
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

/** A host whose mesh has a namespace of its own forwards nothing for it, and has none of its links. */
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
