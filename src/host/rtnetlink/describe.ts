// Describes operations for errors, in the syntax of ip(8): `add route 10.70.89.0/31 dev wg222 table 2`.
import { formatPrefix } from '../../net/ip.ts';
import type { AddressInfo, LinkChange, RouteInfo, RuleInfo, RuleVerdict } from '../types.ts';

const joined = (...words: readonly (string | false)[]): string => words.filter((word) => word !== false).join(' ');

export const describeLinkChange = (name: string, { up, mtu, alias, master, netns }: LinkChange): string =>
  joined(
    `set link ${name}`,
    netns !== undefined && (netns === '' ? 'out of its namespace' : `netns ${netns}`),
    up !== undefined && (up ? 'up' : 'down'),
    mtu !== undefined && `mtu ${mtu}`,
    alias !== undefined && `alias '${alias}'`,
    master !== undefined && (master === '' ? 'nomaster' : `master ${master}`),
  );

export const describeAddress = ({ dev, prefix, peer }: AddressInfo): string =>
  joined(
    `address ${peer === undefined ? formatPrefix(prefix) : `${prefix.address} peer ${peer}/${prefix.length}`}`,
    `dev ${dev}`,
  );

export const describeRoute = ({ type, dst, via, dev, table, metric }: RouteInfo): string =>
  joined(
    'route',
    type !== 'unicast' && type,
    formatPrefix(dst),
    via !== undefined && `via ${via}`,
    dev !== '' && `dev ${dev}`,
    `table ${table}`,
    metric !== 0 && `metric ${metric}`,
  );

/** `lookup 2`, `goto 1100`, `unreachable`; '' for a lookup without a table. */
export function verdictText(rule: RuleVerdict): string {
  if (rule.action === 'lookup') return rule.table === undefined ? '' : `lookup ${rule.table}`;
  return rule.action === 'goto' ? `goto ${rule.target}` : rule.action;
}

export const describeRule = (rule: RuleInfo): string =>
  joined(
    `rule ${rule.priority}`,
    rule.from !== undefined && `from ${formatPrefix(rule.from)}`,
    rule.to !== undefined && `to ${formatPrefix(rule.to)}`,
    rule.mark !== undefined && `fwmark ${rule.mark}`,
    rule.iif !== '' && `iif ${rule.iif}`,
    rule.oif !== undefined && `oif ${rule.oif}`,
    rule.extra !== '' && `(${rule.extra})`,
    rule.l3mdev === true && 'l3mdev',
    verdictText(rule) !== '' && verdictText(rule),
    `(IPv${rule.family})`,
  );
