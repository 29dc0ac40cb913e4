// Finds the rule that a delete would hit. The kernel takes absent fields as wildcards, ignores a goto's target and `not`, and
// deletes the first match of the list (rule_find, net/core/fib_rules.c).
import { formatPrefix, type Prefix } from '../../net/ip.ts';
import type { RuleInfo } from '../types.ts';

const tableOf = (rule: RuleInfo): number | undefined => (rule.action === 'lookup' ? rule.table : undefined);
const targetOf = (rule: RuleInfo): number | undefined => (rule.action === 'goto' ? rule.target : undefined);

const text = (prefix: Prefix | undefined): string => (prefix === undefined ? '' : formatPrefix(prefix));

const wouldHit = (asked: RuleInfo, rule: RuleInfo): boolean =>
  rule.family === asked.family &&
  rule.priority === asked.priority &&
  rule.action === asked.action &&
  (tableOf(asked) === undefined || tableOf(rule) === tableOf(asked)) &&
  (asked.protocol === 0 || rule.protocol === asked.protocol) &&
  (asked.iif === '' || rule.iif === asked.iif) &&
  (asked.oif === undefined || rule.oif === asked.oif) &&
  (asked.mark === undefined || rule.mark === asked.mark) &&
  (asked.l3mdev === undefined || rule.l3mdev === asked.l3mdev) &&
  (asked.from === undefined || text(rule.from) === text(asked.from)) &&
  (asked.to === undefined || text(rule.to) === text(asked.to));

export const equalRules = (a: RuleInfo, b: RuleInfo): boolean =>
  wouldHit(a, b) &&
  tableOf(a) === tableOf(b) &&
  targetOf(a) === targetOf(b) &&
  a.protocol === b.protocol &&
  a.iif === b.iif &&
  a.oif === b.oif &&
  a.mark === b.mark &&
  a.l3mdev === b.l3mdev &&
  text(a.from) === text(b.from) &&
  text(a.to) === text(b.to) &&
  a.extra === b.extra;

/** `index`: position of the equal rule, which the kernel would delete; `other`: the rule that it would delete instead. */
export type RuleMatch = 'missing' | { readonly index: number } | { readonly other: RuleInfo };

/** What a delete of `asked` would hit in `rules`, which are in the kernel's order. */
export function matchRule(rules: readonly RuleInfo[], asked: RuleInfo): RuleMatch {
  const index = rules.findIndex((rule) => wouldHit(asked, rule));
  const hit = rules[index];
  if (hit === undefined) return 'missing';
  if (equalRules(hit, asked)) return { index };
  return rules.some((rule) => equalRules(rule, asked)) ? { other: hit } : 'missing';
}

/** Inserts like the kernel: behind all rules with the same or a lower priority number. Does not add an equal rule twice. */
export function insertRule(rules: RuleInfo[], rule: RuleInfo): void {
  if (rules.some((standing) => equalRules(standing, rule))) return;
  const behind = rules.findIndex(({ priority }) => priority > rule.priority);
  rules.splice(behind === -1 ? rules.length : behind, 0, rule);
}
