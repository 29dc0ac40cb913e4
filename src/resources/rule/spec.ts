// A routing policy rule. The kernel compares every field, also table and protocol (net/core/fib_rules.c rule_exists), so all of
// them are the key: two rules that differ only in `iif` are two rules, and a rule is never changed in place.
import { verdictText } from '../../host/rtnetlink/describe.ts';
import type { RuleInfo } from '../../host/types.ts';
import { formatPrefix } from '../../net/ip.ts';
import { WGOSPF_PROTOCOL } from '../../net/names.ts';

export type RuleSpec = RuleInfo;

/** The words that `ip rule` takes, without the family. */
export function ruleText(rule: RuleSpec): string {
  const { priority, iif, oif, mark, from, to } = rule;
  return [
    `priority ${priority}`,
    ...(from === undefined ? [] : [`from ${formatPrefix(from)}`]),
    ...(to === undefined ? [] : [`to ${formatPrefix(to)}`]),
    ...(mark === undefined ? [] : [`fwmark ${mark}`]),
    ...(iif === '' ? [] : [`iif ${iif}`]),
    ...(oif === undefined ? [] : [`oif ${oif}`]),
    ...(rule.l3mdev === true ? ['l3mdev'] : []),
    verdictText(rule),
  ]
    .join(' ')
    .trimEnd();
}

export const ruleKey = (rule: RuleSpec): string =>
  [`inet${rule.family === 6 ? '6' : ''}`, ruleText(rule), `protocol ${rule.protocol}`, rule.extra].join(' ').trim();

/** Whether the rule has our mark. */
export const isOurs = ({ protocol, extra }: RuleSpec): boolean => protocol === WGOSPF_PROTOCOL && extra === '';

/** For a rule without `extra`. Protocol 0 cannot be written: for the kernel it means any. */
export function ruleCommand(verb: 'add' | 'del', rule: RuleSpec): string {
  const protocol = rule.protocol === 0 ? '' : ` protocol ${rule.protocol}`;
  return `ip ${rule.family === 6 ? '-6 ' : ''}rule ${verb} ${ruleText(rule)}${protocol}`;
}

export const ruleFields = (): object => ({});
