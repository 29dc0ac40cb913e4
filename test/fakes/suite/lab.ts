// The environment of a check of the host suite: a host in a fresh network namespace, and a shell on it.
import type { AddressInfo, Host, RouteInfo, RuleInfo, RuleSelector, RuleVerdict } from '../../../src/host/types.ts';
import { formatPrefix, hostPrefix, parsePrefix } from '../../../src/net/ip.ts';
import type { Prefix } from '../../../src/net/ip.ts';
import { ruleText } from '../fake-rules.ts';

export interface SuiteLab {
  readonly host: Pick<Host, 'rtnl' | 'sysctl' | 'netns'>;
  /** lines as root */
  readonly type: (lines: string) => Promise<void>;
}

export interface Check {
  readonly name: string;
  readonly run: (lab: SuiteLab) => Promise<void>;
}

/** Every check starts with these: two ends of a cable, both up, without duplicate address detection. */
export const suiteBoot = `
sysctl -w net.ipv6.conf.default.accept_dad=0
ip link set lo up
ip link add v0 type veth peer name v1
ip link set v1 up
ip link set v0 up
`;

export const prefix = (text: string): Prefix => parsePrefix(text) ?? hostPrefix(text);

export const address = (dev: string, text: string, protocol = 0): AddressInfo => ({
  ...{ dev, peer: undefined, protocol },
  prefix: prefix(text),
});

export const route = (dst: string, more: Partial<RouteInfo> = {}): RouteInfo => ({
  ...{ table: 2, type: 'unicast', metric: 0, protocol: 87, dev: '', via: undefined },
  dst: prefix(dst),
  ...more,
});

export type RuleParts = Partial<RuleSelector> & (RuleVerdict | { readonly action?: never; readonly table?: number });

/** A rule that looks up table 2, except for `more`. */
export const rule = (priority: number, more: RuleParts = {}): RuleInfo => ({
  ...{ family: 4, priority, iif: '', from: undefined, to: undefined, protocol: 87, extra: '' },
  ...(more.action === undefined ? { table: 2, ...more, action: 'lookup' } : more),
});

/** Link-local and multicast addresses: the kernel adds them at its own time. */
const ownBusiness = ({ address: a }: Prefix): boolean => a.startsWith('fe80:') || a.startsWith('ff');

export async function addressesOn(lab: SuiteLab, dev: string): Promise<string[]> {
  const found = (await lab.host.rtnl.addresses()).filter((a) => a.dev === dev && !ownBusiness(a.prefix));
  return found.map((a) => `${formatPrefix(a.prefix)}${a.peer === undefined ? '' : ` peer ${a.peer}`}`).toSorted();
}

const routeText = (r: RouteInfo): string =>
  `${r.table} ${r.type} ${formatPrefix(r.dst)}${r.via === undefined ? '' : ` via ${r.via}`} metric ${r.metric} proto ${r.protocol}`;

export async function routesOn(lab: SuiteLab, dev: string): Promise<string[]> {
  const found = (await lab.host.rtnl.routes()).filter((r) => r.dev === dev && !ownBusiness(r.dst));
  return found.map(routeText).toSorted();
}

export async function rulesOf(lab: SuiteLab, family: 4 | 6): Promise<string[]> {
  return (await lab.host.rtnl.rules()).filter((r) => r.family === family).map(ruleText);
}

/** The kernel adds IPv6 addresses to its tables a moment later (net/ipv6/addrconf.c, addrconf_dad_work). */
export const WITHIN = { timeout: 5_000 };
