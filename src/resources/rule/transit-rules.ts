// The way between the mesh's transit networks and the underlay: in rules, which know no connections; docs/adr/0013. Pure.
import type { RouterModel } from '../../model/types.ts';
import type { Family } from '../../net/ip.ts';
import { ofFamily, rule } from './rows.ts';
import type { RuleSpec } from './spec.ts';

/**
 * What comes from a transit network and is not for the mesh follows main; what is for one looks into the mesh's table,
 * wherever it comes from. A `goto` whose target is missing is passed over (fib_rules_lookup), and 1015 would then catch
 * what is for the mesh: so its target is a `nop` of our own.
 */
export function transitRules({ mesh }: RouterModel, family: Family): RuleSpec[] {
  const networks = ofFamily(mesh.transit, family);
  if (networks.length === 0) return [];
  const { transitMesh, transitOut, transitIn, interface: lookups, end } = mesh.priorities;
  return [
    rule(family, { priority: lookups, action: 'nop' }),
    ...ofFamily(mesh.prefixes, family).map((to) =>
      rule(family, { priority: transitMesh, action: 'goto', target: lookups, to }),
    ),
    ...networks.map((from) => rule(family, { priority: transitOut, action: 'goto', target: end, from })),
    ...networks.map((to) => rule(family, { priority: transitIn, action: 'lookup', table: mesh.table.id, to })),
  ];
}
