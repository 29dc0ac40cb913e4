// `isolation: netns`: the mesh has its own namespace, and the rules outside are only guards. They work while links move in or
// out, and refuse mesh addresses to the underlay. Pure.
import type { Desired } from '../../engine/types.ts';
import type { RouterModel } from '../../model/types.ts';
import type { Family } from '../../net/ip.ts';
import { endRow, forwardGuards, localGuards, localSkip, reverseGuards } from './rows.ts';
import type { RuleSpec } from './spec.ts';

export function netnsRules(model: RouterModel, family: Family): Desired<RuleSpec>[] {
  const { source } = model.mesh;
  const shared = [
    ...reverseGuards(model, family),
    ...endRow(model, family),
    ...localGuards(model, family),
    ...localSkip(model, family),
  ];
  return [...shared.map((spec) => ({ spec, source })), ...forwardGuards(model, family)];
}
