// When a link moves to another network namespace, it loses what the old one keeps for it: addresses, routes and settings
// (__dev_change_net_namespace in net/core/dev.c). wgospf notes what a borrowed link had outside when it leaves, and restores it
// when the link returns.
import { hostAt } from '../../host/place.ts';
import { isHostError } from '../../host/error.ts';
import type { AddressInfo, Host, RouteInfo } from '../../host/types.ts';
import { isLinkLocal } from '../../net/link-local.ts';
import { BIRD_PROTOCOL, WGOSPF_PROTOCOL } from '../../net/names.ts';
import { MOVED_NOTE, SYSCTL_NOTE } from '../tags.ts';

/** The note of what the link had outside. */
export const movedNote = (name: string): string => `${MOVED_NOTE}${name}`;
/** The note that the link has, inside, what it keeps there of that. */
export const arrivedNote = (name: string): string => `arrived:${name}`;

/** RTPROT_KERNEL and RTPROT_RA: the kernel makes these routes again. */
const KERNEL_MADE = [2, 9];

/**
 * Settings that hosts commonly change for one interface; in each namespace the kernel starts with its defaults. `forwarding` is not
 * one of them: it follows the host's own switch, which we may have set.
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

/** Everything that it has outside and that is not ours. For a setting that we changed, the value before. */
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
    // a route with several next hops is not noted; a route with a next hop object returns with that hop in it
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

/** If it is cut off anywhere, the next call continues there: the note and the link's namespace show how far it came. */
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

/** Restores foreign addresses inside: hosts behind the interface know the router by them. IPv6 may be off inside (EACCES). */
async function takeAlong(name: string, inside: Host, host: Host): Promise<void> {
  const moved = await movedOf(name, host);
  for (const address of moved?.addresses ?? []) await unless(inside.rtnl.addAddress(address), 'EEXIST', 'EACCES');
  await host.notes.note(arrivedNote(name), '');
}

/** Does nothing for a link that was never moved. */
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
  // the kernel refuses a route over a link that is down
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
