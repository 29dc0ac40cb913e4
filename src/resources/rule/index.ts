// Routing policy rules: lookups into the mesh table, and guards.
import type { Resource } from '../../engine/types.ts';
import { withoutForeignLinks } from '../tags.ts';
import { applyRule } from './apply.ts';
import { desiredRules } from './desired.ts';
import { observeRules, ruleFromEvent } from './observe.ts';
import { planRule, type RulePayload } from './plan.ts';
import { ruleFields, ruleKey, type RuleSpec } from './spec.ts';

export const rule: Resource<RuleSpec, RulePayload, never> = {
  kind: 'rule',
  key: ruleKey,
  fields: ruleFields,
  desired: desiredRules,
  observe: observeRules,
  fromEvent: ruleFromEvent,
  without: withoutForeignLinks,
  plan: planRule,
  apply: applyRule,
  adoptable: false,
};
