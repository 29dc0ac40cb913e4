// Which interfaces accept router advertisements. If accept_ra is 1, IPv6 forwarding stops that and deletes the default routes
// learned from them (net/ipv6/addrconf.c, ipv6_accept_ra; route.c, rt6_purge_dflt_routers); with 2 they are still accepted.
import { compareText } from '../net/compare-text.ts';
import type { HostReader } from './reader.ts';

/** `/` replaces a dot in the link's name, because a dot separates levels (sysctl.d(5)). */
export const acceptRaOf = (link: string): string => `net.ipv6.conf.${link.replaceAll('.', '/')}.accept_ra`;

/**
 * Links that accept them now, links that wgospf has set to 2 for that (by a note), and links that would accept them if wgospf
 * had not enabled forwarding: a link that was part of the mesh meanwhile, and no longer is.
 */
export async function acceptsRa({
  rtnl,
  sysctl,
  notes,
}: Pick<HostReader, 'rtnl' | 'sysctl' | 'notes'>): Promise<string[]> {
  const [links, noted] = await Promise.all([rtnl.links(), notes.all()]);
  const forwardsByUs = noted.get('sysctl:net.ipv6.conf.all.forwarding') === '0';
  const accepts = async (name: string): Promise<boolean> => {
    const setting = acceptRaOf(name);
    if (noted.has(`sysctl:${setting}`)) return true;
    const [accept, forwarding] = await Promise.all([
      sysctl.read(setting),
      sysctl.read(setting.replace(/accept_ra$/, 'forwarding')),
    ]);
    return accept === '2' || (accept === '1' && (forwarding === '0' || forwardsByUs));
  };
  // the links of a VRF accept them; the VRF device itself receives none
  const names = links.filter(({ name, kind }) => name !== 'lo' && kind !== 'vrf').map(({ name }) => name);
  const found = await Promise.all(names.map(async (name) => ((await accepts(name)) ? [name] : [])));
  return found.flat().sort(compareText);
}
