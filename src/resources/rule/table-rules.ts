// `isolation: table`: only rules keep mesh and underlay apart; docs/adr/0003 and 0013 have the table and the reasons. Pure.
import type { Desired } from '../../engine/types.ts';
import type { RouterModel } from '../../model/types.ts';
import type { Family } from '../../net/ip.ts';
import { MESH_MARK } from '../../net/names.ts';
import { type MeshLink } from '../tags.ts';
import { boundSkip, endRow, forwardGuards, localGuards, localLookups, localSkip, reverseGuards, rule } from './rows.ts';
import type { RuleSpec } from './spec.ts';
import { transitRules } from './transit-rules.ts';

/** Packets from the mesh use the mesh table: by one rule for each interface, or one for the mark that nftables sets. */
function meshLookups(model: RouterModel, family: Family): Desired<RuleSpec>[] {
  const { table, priorities, match, source } = model.mesh;
  const lookup = { action: 'lookup', table: table.id } as const;
  if (match === 'mark') {
    return [{ spec: rule(family, { ...lookup, priority: priorities.interface, mark: MESH_MARK }), source }];
  }
  const of = (links: readonly MeshLink[], priority: number): Desired<RuleSpec>[] =>
    links.map(({ name: iif, source: at }) => ({ spec: rule(family, { ...lookup, priority, iif }), source: at }));
  return [...of(model.interfaces, priorities.interface), ...of(model.tunnels, priorities.tunnel)];
}

export function tableRules(model: RouterModel, family: Family): Desired<RuleSpec>[] {
  const { source } = model.mesh;
  const shared = [
    ...reverseGuards(model, family),
    ...endRow(model, family),
    ...localGuards(model, family),
    ...boundSkip(model, family),
    ...localSkip(model, family),
    ...localLookups(model, family),
  ];
  return [
    ...shared.map((spec) => ({ spec, source })),
    ...transitRules(model, family),
    ...meshLookups(model, family),
    ...forwardGuards(model, family),
  ];
}
