// `isolation: netns`: the mesh has a namespace of its own, and what stands out here are guards alone. They hold while links
// are on their way in or out, and refuse mesh addresses to the underlay. Pure.
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
