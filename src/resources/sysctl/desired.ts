// Only what routing a mesh needs: forwarding, no strict reverse-path filter, addresses that change without losing routes.
import type { Desired } from '../../engine/types.ts';
import type { RouterModel } from '../../model/types.ts';
import { meshLinks, type MeshLink } from '../tags.ts';
import type { SysctlSpec } from './spec.ts';

/** A dot in an interface name (eth0.100) would read as a level. */
const level = (name: string): string => name.replaceAll('.', '/');

export function desiredSysctls(model: RouterModel): Desired<SysctlSpec>[] {
  const { source, prefixes } = model.mesh;
  const host = (name: string): Desired<SysctlSpec> => ({
    spec: { name, value: '1', dev: undefined, ephemeral: false },
    source,
    borrowed: true,
  });
  const perLink = (link: MeshLink, setting: string, value: string): Desired<SysctlSpec> => ({
    spec: {
      name: `net.ipv4.conf.${level(link.name)}.${setting}`,
      value,
      dev: link.name,
      ephemeral: !('kind' in link) || link.kind === 'dummy',
    },
    source: link.source,
    borrowed: true,
  });
  // Strict filtering drops every packet that comes back another way, which is the rule in a mesh. The effective value is
  // the greater of `all` and the interface's own (Documentation/networking/ip-sysctl), so 2 wins over a strict `all`.
  const loose = meshLinks(model).map((link) => perLink(link, 'rp_filter', '2'));
  // An address that changes within its network: without this, the old one takes the new one along as it goes, and every
  // route over the link with it.
  const promoting = meshLinks(model).map((link) => perLink(link, 'promote_secondaries', '1'));
  const ipv6 = model.env.ipv6 && prefixes.some(({ family }) => family === 6);
  return [host('net.ipv4.ip_forward'), ...(ipv6 ? [host('net.ipv6.conf.all.forwarding')] : []), ...loose, ...promoting];
}
