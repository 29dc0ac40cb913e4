// A link that moves to another network namespace leaves behind what that one keeps for it: addresses, routes and settings
// (__dev_change_net_namespace in net/core/dev.c). What a borrowed link had outside is noted as it goes, and it gets that back
// when it returns.
import { hostAt } from '../../host/place.ts';
import { isHostError } from '../../host/error.ts';
import type { AddressInfo, Host, RouteInfo } from '../../host/types.ts';
import { isLinkLocal } from '../../net/link-local.ts';
import { BIRD_PROTOCOL, WGOSPF_PROTOCOL } from '../../net/names.ts';
import { MOVED_NOTE, SYSCTL_NOTE } from '../tags.ts';

/** What it had outside. */
export const movedNote = (name: string): string => `${MOVED_NOTE}${name}`;
/** It has inside what it shall have there of that. */
export const arrivedNote = (name: string): string => `arrived:${name}`;

/** RTPROT_KERNEL and RTPROT_RA: the kernel makes these again. */
const KERNEL_MADE = [2, 9];

/**
 * What hosts are seen to set for one interface; the kernel begins anew with its defaults in each namespace. `forwarding` is none
 * of them: it follows the host's own switch, which we may have set.
 */
const SETTINGS: readonly string[] = [
  ...['rp_filter', 'promote_secondaries', 'accept_redirects', 'send_redirects', 'secure_redirects'],
  ...['accept_source_route', 'log_martians', 'src_valid_mark', 'arp_ignore', 'arp_announce', 'arp_filter', 'proxy_arp'],
].map((leaf) => `ipv4 ${leaf}`);
const SETTINGS_6: readonly string[] = [
  ...['disable_ipv6', 'addr_gen_mode', 'accept_ra', 'accept_dad', 'autoconf', 'use_tempaddr', 'keep_addr_on_down'],
  ...['accept_redirects', 'accept_source_route', 'proxy_ndp'],
].map((leaf) => `ipv6 ${leaf}`);

interface Moved {
  readonly up: boolean;
  readonly addresses: readonly AddressInfo[];
  readonly routes: readonly RouteInfo[];
  readonly settings: Readonly<Record<string, string>>;
}

/** Of what it has outside all that is not ours. A setting that we changed counts as it was before. */
async function lookAt(name: string, host: Host): Promise<Moved> {
  const [links, addresses, routes, notes] = await Promise.all([
    host.rtnl.links(),
    host.rtnl.addresses(),
    host.rtnl.routes({ dev: name }),
    host.notes.all(),
  ]);
  const settings: Record<string, string> = {};
  for (const words of [...SETTINGS_6, ...SETTINGS]) {
    const [family = '', leaf = ''] = words.split(' ');
    const setting = `net.${family}.conf.${name.replaceAll('.', '/')}.${leaf}`;
    const value = notes.get(`${SYSCTL_NOTE}${setting}`) ?? (await host.sysctl.read(setting));
    if (value !== undefined) settings[setting] = value;
  }
  return {
    up: links.some((link) => link.name === name && link.up),
    addresses: addresses.filter(
      ({ dev, protocol, prefix }) => dev === name && protocol !== WGOSPF_PROTOCOL && !isLinkLocal(prefix.address),
    ),
    // one with several next hops is not noted; one whose next hop is an object comes back with that hop in it
    routes: routes
      .filter(
        ({ dev, type, protocol }) =>
          dev === name && type === 'unicast' && ![...KERNEL_MADE, WGOSPF_PROTOCOL, BIRD_PROTOCOL].includes(protocol),
      )
      .map(({ table, dst, metric, protocol, via }) => ({
        table,
        type: 'unicast',
        dst,
        metric,
        protocol,
        dev: name,
        via,
      })),
    settings,
  };
}

export interface Move {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly borrowed: boolean;
}

/** Cut off anywhere, it goes on where it ended: by the note, and by where the link is. */
export async function moveLink({ name, from, to, borrowed }: Move, host: Host): Promise<void> {
  if (borrowed && from !== to) await host.notes.forget(arrivedNote(name));
  if (borrowed && from === '' && to !== '') {
    await host.notes.note(movedNote(name), JSON.stringify(await lookAt(name, host)));
  }
  if (from !== to) await (await hostAt(host, from)).rtnl.setLink(name, { netns: to });
  if (!borrowed) return;
  if (to === '') await giveBackMoved(name, host);
  else await takeAlong(name, await hostAt(host, to), host);
}

const movedOf = async (name: string, host: Host): Promise<Moved | undefined> => {
  const note = (await host.notes.all()).get(movedNote(name));
  return note === undefined ? undefined : (JSON.parse(note) as Moved);
};

/** Others' addresses: whoever is behind the interface knows the router by them. IPv6 may be switched off inside (EACCES). */
async function takeAlong(name: string, inside: Host, host: Host): Promise<void> {
  const moved = await movedOf(name, host);
  for (const address of moved?.addresses ?? []) await unless(inside.rtnl.addAddress(address), 'EEXIST', 'EACCES');
  await host.notes.note(arrivedNote(name), '');
}

/** Nothing where it never was away. */
export async function giveBackMoved(name: string, host: Host): Promise<void> {
  const moved = await movedOf(name, host);
  if (moved === undefined) return;
  const { up, addresses, routes, settings } = moved;
  for (const [setting, value] of Object.entries(settings)) {
    const now = await host.sysctl.read(setting);
    if (now !== undefined && now !== value) await host.sysctl.write(setting, value);
  }
  for (const address of addresses) await unless(host.rtnl.addAddress(address), 'EEXIST');
  if (up) await host.rtnl.setLink(name, { up });
  // a route over a link that is down is refused
  if (up) for (const route of routes) await unless(host.rtnl.addRoute(route), 'EEXIST');
  await host.notes.forget(arrivedNote(name), movedNote(name));
}

async function unless(made: Promise<void>, ...codes: readonly string[]): Promise<void> {
  try {
    await made;
  } catch (error) {
    if (!isHostError(error, ...codes)) throw error;
  }
}
