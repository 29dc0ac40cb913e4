// Which interfaces take router advertisements. IPv6 forwarding ends that wherever accept_ra is 1 and throws away the default
// routes learned so (net/ipv6/addrconf.c, ipv6_accept_ra; route.c, rt6_purge_dflt_routers); 2 takes them all the same.
import { compareText } from '../net/compare-text.ts';
import type { HostReader } from './reader.ts';

/** A dot in the name of a link would read as a level (sysctl.d(5)). */
export const acceptRaOf = (link: string): string => `net.ipv6.conf.${link.replaceAll('.', '/')}.accept_ra`;

/**
 * Links that take them now, those that a note says we have set to 2 so that they go on, and those that would if we had not
 * switched forwarding on: one that was the mesh's meanwhile and is not any more.
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
  // what a VRF's links take is theirs: nobody speaks to the device itself
  const names = links.filter(({ name, kind }) => name !== 'lo' && kind !== 'vrf').map(({ name }) => name);
  const found = await Promise.all(names.map(async (name) => ((await accepts(name)) ? [name] : [])));
  return found.flat().sort(compareText);
}
