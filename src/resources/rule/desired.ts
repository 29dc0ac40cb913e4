// The rules that keep mesh and underlay apart, one set for each kind of isolation; docs/adr/0003 and 0013. Pure.
import type { Desired } from '../../engine/types.ts';
import type { RouterModel } from '../../model/types.ts';
import type { Family } from '../../net/ip.ts';
import { families, unique } from '../tags.ts';
import { netnsRules } from './netns-rules.ts';
import { ruleKey, type RuleSpec } from './spec.ts';
import { tableRules } from './table-rules.ts';
import { vrfRules } from './vrf-rules.ts';

type RuleSet = (model: RouterModel, family: Family) => Desired<RuleSpec>[];

const ruleSets: Readonly<Record<RouterModel['mesh']['isolation'], RuleSet>> = {
  table: tableRules,
  vrf: vrfRules,
  netns: netnsRules,
};

/** With `table: main` the router serves only the mesh, and nothing must be kept apart. */
export function desiredRules(model: RouterModel): Desired<RuleSpec>[] {
  if (model.mesh.main) return [];
  const ruleSet = ruleSets[model.mesh.isolation];
  return unique(
    families(model).flatMap((family) => ruleSet(model, family)),
    ruleKey,
  );
}
