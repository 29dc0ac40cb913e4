// Policy rules of the fake host (net/core/fib_rules.c): sorted by priority, equal ones in the order in which they were added.
import { verdictText } from '../../src/host/rtnetlink/describe.ts';
import type { RuleInfo } from '../../src/host/types.ts';
import type { Family } from '../../src/net/ip.ts';
import { formatPrefix } from '../../src/net/ip.ts';
import type { FakeState } from './fake-state.ts';
import { hostError } from './fake-state.ts';

/** RT_TABLE_LOCAL, RT_TABLE_MAIN, RT_TABLE_DEFAULT */
const [LOCAL, MAIN, DEFAULT] = [255, 254, 253];
/** RTPROT_KERNEL */
const KERNEL = 2;

const lookup = (family: Family, priority: number, table: number): RuleInfo => ({
  family,
  priority,
  action: 'lookup',
  table,
  iif: '',
  from: undefined,
  to: undefined,
  protocol: KERNEL,
  extra: '',
});

/** The rules of a new namespace: fib_default_rules_init; IPv6 has no table `default`. */
export const defaultRules = (ipv6: boolean): RuleInfo[] => [
  ...[lookup(4, 0, LOCAL), lookup(4, 32766, MAIN), lookup(4, 32767, DEFAULT)],
  ...(ipv6 ? [lookup(6, 0, LOCAL), lookup(6, 32766, MAIN)] : []),
];

/** Every field of a rule as one text. */
export function ruleText(r: RuleInfo): string {
  const side = (word: string, p: RuleInfo['from']): string => (p === undefined ? '' : ` ${word} ${formatPrefix(p)}`);
  const what = `${r.l3mdev ? 'l3mdev ' : ''}${verdictText(r)}`.trimEnd();
  const iif = `${r.mark === undefined ? '' : ` fwmark ${r.mark}`}${r.iif === '' ? '' : ` iif ${r.iif}`}${r.oif === undefined ? '' : ` oif ${r.oif}`}`;
  return `${r.family === 6 ? '-6 ' : ''}${r.priority}:${side('from', r.from)}${side('to', r.to)}${iif} ${what} proto ${r.protocol}${r.extra === '' ? '' : ` ${r.extra}`}`;
}

/** rule_exists: a `from` or `to` that the new rule lacks is not compared (fib4_rule_compare, fib6_rule_compare). */
const countsAsEqual = (there: RuleInfo, fresh: RuleInfo): boolean =>
  ruleText({ ...there, from: fresh.from && there.from, to: fresh.to && there.to }) === ruleText(fresh);

export function addRule(state: FakeState, rule: RuleInfo): void {
  const operation = `add rule ${ruleText(rule)}`;
  if (rule.family === 6 && !state.ipv6) throw hostError(operation, 'EAFNOSUPPORT');
  if (rule.action === 'goto' && rule.target <= rule.priority)
    throw hostError(operation, 'EINVAL', 'Backward goto not supported.');
  if (rule.action === 'lookup' && rule.table === undefined && !rule.l3mdev) throw hostError(operation, 'EINVAL');
  if (state.rules.some((r) => countsAsEqual(r, rule))) throw hostError(operation, 'EEXIST');
  const at = state.rules.findIndex((r) => r.family === rule.family && r.priority > rule.priority);
  state.rules.splice(at < 0 ? state.rules.length : at, 0, rule);
}

export function deleteRule(state: FakeState, rule: RuleInfo): void {
  const operation = `delete rule ${ruleText(rule)}`;
  if (rule.family === 6 && !state.ipv6) throw hostError(operation, 'EAFNOSUPPORT');
  const at = state.rules.findIndex((r) => ruleText(r) === ruleText(rule));
  if (at < 0) throw hostError(operation, 'ENOENT');
  state.rules.splice(at, 1);
}
