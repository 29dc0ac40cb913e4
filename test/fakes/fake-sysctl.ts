// /proc/sys/net of the fake host: the names that appear and disappear with a link, and the switches that set others.
import type { Sysctl } from '../../src/host/types.ts';
import type { Sync } from './instrument.ts';
import type { FakeState } from './fake-state.ts';
import { hostError, removeWhere } from './fake-state.ts';
import { dropFamily6 } from './fake-addresses.ts';

const perLink4 = ['forwarding', 'rp_filter', 'promote_secondaries', 'src_valid_mark', 'accept_redirects'];
const perLink6 = [
  ...['forwarding', 'disable_ipv6', 'accept_dad', 'accept_ra', 'accept_redirects'],
  ...['addr_gen_mode', 'keep_addr_on_down'],
];
/** ipv4_devconf, ipv6_devconf: a host accepts redirects, and router advertisements unless it forwards. */
const defaults: Readonly<Record<string, string>> = {
  'net.ipv4.conf.default.accept_redirects': '1',
  'net.ipv6.conf.default.accept_redirects': '1',
  'net.ipv6.conf.default.accept_ra': '1',
};

/** A dot inside a link's name is a slash in the dotted form (sysctl.d(5)). */
const conf = (family: 4 | 6, link: string, leaf: string): string =>
  `net.ipv${family}.conf.${link.replaceAll('.', '/')}.${leaf}`;

const threaded = (link: string): string => `/sys/class/net/${link}/threaded`;

export function addSysctlsOf(state: FakeState, link: string): void {
  if (link !== 'default' && link !== 'all') state.sysctls.set(threaded(link), '0');
  const set = (family: 4 | 6, leaf: string): void => {
    state.sysctls.set(
      conf(family, link, leaf),
      state.sysctls.get(conf(family, 'default', leaf)) ?? defaults[conf(family, link, leaf)] ?? '0',
    );
  };
  for (const leaf of perLink4) set(4, leaf);
  if (state.ipv6) for (const leaf of perLink6) set(6, leaf);
}

export function dropSysctlsOf(state: FakeState, link: string): void {
  state.sysctls.delete(threaded(link));
  for (const leaf of perLink4) state.sysctls.delete(conf(4, link, leaf));
  for (const leaf of perLink6) state.sysctls.delete(conf(6, link, leaf));
}

export function initSysctls(state: FakeState): void {
  state.sysctls.set('net.ipv4.ip_forward', '0');
  if (state.vrf) for (const name of ['tcp', 'udp']) state.sysctls.set(`net.ipv4.${name}_l3mdev_accept`, '0');
  for (const link of ['default', 'all']) addSysctlsOf(state, link);
}

/** RTPROT_RA */
const RA = 9;

/** rt6_purge_dflt_routers: default routes learnt from advertisements are removed, unless their link accepts these anyway. */
function purgeAdvertised(state: FakeState): void {
  removeWhere(
    state.routes,
    ({ protocol, dst, dev }) =>
      protocol === RA && dst.length === 0 && state.sysctls.get(conf(6, dev, 'accept_ra')) !== '2',
  );
}

/** inet_forward_change and addrconf_fixup_forwarding: the switch for all links sets every link's. */
function forwardEverywhere(state: FakeState, family: 4 | 6, value: string): void {
  const names = [...state.sysctls.keys()].filter(
    (n) => n.startsWith(`net.ipv${family}.conf.`) && n.endsWith('.forwarding'),
  );
  for (const name of names) state.sysctls.set(name, value);
  if (family === 4) state.sysctls.set('net.ipv4.ip_forward', value);
  else if (value === '1') purgeAdvertised(state);
}

export function writeSysctl(state: FakeState, name: string, value: string): void {
  if (!state.sysctls.has(name)) throw hostError(`set sysctl ${name}`, 'ENOENT');
  if (name === 'net.ipv4.ip_forward' || name === 'net.ipv4.conf.all.forwarding') forwardEverywhere(state, 4, value);
  else if (name === 'net.ipv6.conf.all.forwarding') forwardEverywhere(state, 6, value);
  else state.sysctls.set(name, value);
  const link = /^net\.ipv6\.conf\.(.+)\.disable_ipv6$/.exec(name)?.[1];
  if (link !== undefined && value === '1') dropFamily6(state, link.replaceAll('/', '.'));
}

export const fakeSysctl = (state: FakeState): Sync<Sysctl> => ({
  read: (name) => state.sysctls.get(name),
  write: (name, value) => writeSysctl(state, name, value),
});
