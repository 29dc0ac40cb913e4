// Foreign rules inside our block of priorities, and the ip(8) command that deletes each without deleting one of ours. Pure.
import type { Foreign } from '../../engine/types.ts';
import { insertRule, matchRule } from '../../host/rtnetlink/rule-match.ts';
import { isOurs, ruleCommand, ruleKey, ruleText, type RuleSpec } from './spec.ts';

/** Equal except for the protocol. */
const isTwin = (rule: RuleSpec, other: RuleSpec): boolean =>
  rule.extra === '' && other.extra === '' && ruleKey({ ...rule, protocol: other.protocol }) === ruleKey(other);

/** Whether a delete would remove this very rule: the kernel removes the first match, and an omitted selector matches everything. */
function takes(rules: readonly RuleSpec[], rule: RuleSpec): boolean {
  const match = matchRule(rules, rule);
  return typeof match === 'object' && 'index' in match;
}

/**
 * undefined if ip(8) cannot express the rule, or would delete another one. If a twin without a protocol comes after ours, the command
 * first moves ours behind the twin: meanwhile the twin does the work of ours.
 */
function removal(rule: RuleSpec, rules: readonly RuleSpec[]): string | undefined {
  if (rule.extra !== '' || rule.action === 'other') return undefined;
  if (takes(rules, rule)) return ruleCommand('del', rule);
  const ours = rules.find((other) => isOurs(other) && isTwin(rule, other));
  if (ours === undefined) return undefined;
  const moved = rules.filter((other) => other !== ours);
  insertRule(moved, ours);
  const steps = [ruleCommand('del', ours), ruleCommand('add', ours), ruleCommand('del', rule)];
  return takes(moved, rule) ? steps.join('; ') : undefined;
}

/** @param wanted the rules of the state file */
export function intruder(rule: RuleSpec, rules: readonly RuleSpec[], wanted: readonly RuleSpec[]): Foreign {
  const command = removal(rule, rules);
  const twin = wanted.some((one) => isTwin(rule, one));
  const move = 'move one of the two: mesh.priorities moves ours';
  const message = twin
    ? `another's twin of a rule of ours (${ruleText(rule)}), which stays when ours goes; ` +
      (command === undefined ? move : `this takes it away: ${command}`)
    : `another's rule among ours (${ruleText(rule)}); ${move}` +
      (command === undefined ? '' : `; or, if nobody needs it, take it away: ${command}`);
  return { kind: 'rule', key: ruleKey(rule), message, blocking: false };
}
