// VRF devices of the fake host (drivers/net/vrf.c): the rule that comes with the first one, and the slaves, which go down and
// up when they join and leave.
import type { RuleInfo } from '../../src/host/types.ts';
import { addressesCameUp, dropFamily6 } from './fake-addresses.ts';
import { ruleText } from './fake-rules.ts';
import type { FakeLink, FakeState } from './fake-state.ts';
import { hostError, removeWhere } from './fake-state.ts';

/** FIB_RULE_PREF of vrf.c, and RTPROT_KERNEL */
const [PRIORITY, KERNEL] = [1000, 2];

const kernelRule = (family: 4 | 6): RuleInfo => ({
  ...{ family, priority: PRIORITY, action: 'lookup', iif: '', l3mdev: true },
  ...{ from: undefined, to: undefined, protocol: KERNEL, extra: '' },
});

/** vrf_newlink: the first device of a namespace makes the rules (add_fib_rules), and nothing removes them again. */
export function vrfMade(state: FakeState): void {
  if (state.vrfRules) return;
  state.vrfRules = true;
  for (const family of state.ipv6 ? ([4, 6] as const) : ([4] as const)) {
    const rule = kernelRule(family);
    if (state.rules.some((r) => ruleText(r) === ruleText(rule))) continue;
    const at = state.rules.findIndex((r) => r.family === family && r.priority > PRIORITY);
    state.rules.splice(at < 0 ? state.rules.length : at, 0, rule);
  }
}

/** IFLA_MASTER: a slave of another device is released first (do_set_master). */
export function setMaster(state: FakeState, link: FakeLink, master: string): void {
  const operation = `set link ${link.name} master ${master}`;
  if (link.master === master) return;
  const device = state.links.get(master);
  if (master !== '' && device === undefined) throw hostError(operation, 'ENODEV');
  if (device !== undefined && device.kind !== 'vrf' && device.kind !== 'bridge')
    throw hostError(operation, 'EOPNOTSUPP');
  if (device?.kind === 'vrf' && link.kind === 'vrf')
    throw hostError(operation, 'EINVAL', 'Can not enslave an L3 master device to a VRF');
  const cycles = [link.master, master].some((name) => state.links.get(name)?.kind === 'vrf');
  link.master = master;
  if (cycles) cycle(state, link);
}

/** cycle_netdev, and NETDEV_CHANGEUPPER (fib_netdev_event, addrconf_notify): every route over it is removed, also `local` ones. */
function cycle(state: FakeState, link: FakeLink): void {
  removeWhere(state.routes, (r) => r.dev === link.name && r.dst.family === 4);
  const keeps = state.sysctls.get(`net.ipv6.conf.${link.name.replaceAll('.', '/')}.keep_addr_on_down`) === '1';
  dropFamily6(state, link.name, keeps);
  if (link.up) addressesCameUp(state, link);
}

/** vrf_dellink releases its slaves. */
export function vrfGone(state: FakeState, name: string): void {
  for (const link of state.links.values()) if (link.master === name) setMaster(state, link, '');
}
