// Ours have protocol 87. Foreign rules inside our block of priorities are reported: they could undo the effect of ours.
import type { Observe, Observed } from '../../engine/types.ts';
import type { KernelEvent } from '../../host/monitor-types.ts';
import type { RouterModel } from '../../model/types.ts';
import { WGOSPF_PROTOCOL } from '../../net/names.ts';
import { desiredRules } from './desired.ts';
import { intruder } from './foreign.ts';
import { missingDefaults } from './missing-defaults.ts';
import { isOurs, type RuleSpec } from './spec.ts';

function inBlock(rule: RuleSpec, model: RouterModel | undefined): boolean {
  if (model === undefined || model.mesh.main || rule.protocol === WGOSPF_PROTOCOL) return false;
  const { localTo, end } = model.mesh.priorities;
  return rule.priority >= localTo - 2 && rule.priority <= end;
}

export const observeRules: Observe<RuleSpec> = async (host, model) => {
  const rules = await host.rtnl.rules();
  const wanted = model === undefined ? [] : desiredRules(model).map(({ spec }) => spec);
  return {
    objects: rules.map((spec) => ({ spec, owned: isOurs(spec) })),
    foreign: rules.filter((rule) => inBlock(rule, model)).map((rule) => intruder(rule, rules, wanted)),
    conditions: model === undefined ? [] : missingDefaults(rules, model),
  };
};

/** Rules of the mesh's namespace are ignored. */
export const ruleFromEvent = ({ kind, object, netns }: KernelEvent): Observed<RuleSpec> | undefined =>
  kind === 'rule' && netns === undefined ? { spec: object, owned: isOurs(object) } : undefined;
