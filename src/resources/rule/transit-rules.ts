// The way between the mesh's transit networks and the underlay: in rules, which know no connections; docs/adr/0013. Pure.
import type { Desired } from '../../engine/types.ts';
import type { RouterModel } from '../../model/types.ts';
import type { Family, Prefix } from '../../net/ip.ts';
import { MESH_MARK } from '../../net/names.ts';
import { meshLinks } from '../tags.ts';
import { ofFamily, rule } from './rows.ts';
import type { RuleSpec } from './spec.ts';

/**
 * Packets from a transit network that come by the mesh and are not for the mesh use main. Packets to a transit network use the mesh
 * table, whatever their source. Exception: a mesh address that comes in by no mesh interface is forged, and dropped.
 * The kernel ignores a `goto` without its target (fib_rules_lookup), and then 1015 would match packets for the mesh: so the target
 * is a `nop` of ours. At 1097 these lookups and the spoof guard may be in any order: a packet that passes 1091 has no mesh address.
 */
export function transitRules(model: RouterModel, family: Family): Desired<RuleSpec>[] {
  const { mesh } = model;
  const networks = ofFamily(mesh.transit, family);
  if (networks.length === 0) return [];
  const { transitMesh, transitIn, spoofGuard, interface: lookups } = mesh.priorities;
  const own = ofFamily(mesh.prefixes, family);
  const shared = [
    rule(family, { priority: lookups, action: 'nop' }),
    ...own.map((to) => rule(family, { priority: transitMesh, action: 'goto', target: lookups, to })),
    ...own.map((from) => rule(family, { priority: transitIn, action: 'blackhole', from })),
    ...networks.map((to) => rule(family, { priority: spoofGuard, action: 'lookup', table: mesh.table.id, to })),
  ];
  return [
    ...shared.map((spec) => ({ spec, source: mesh.source })),
    ...networks.flatMap((from) => waysOut(model, family, from)),
  ];
}

/** Matches the mesh as its lookups do: from anywhere else a transit network's address is forged, and meets the spoof guard. */
function waysOut(model: RouterModel, family: Family, from: Prefix): Desired<RuleSpec>[] {
  const { isolation, match, source, priorities } = model.mesh;
  const way = { priority: priorities.transitOut, action: 'goto', target: priorities.end, from } as const;
  if (isolation === 'vrf') return [{ spec: rule(family, { ...way, l3mdev: true }), source }];
  if (match === 'mark') return [{ spec: rule(family, { ...way, mark: MESH_MARK }), source }];
  return meshLinks(model).map((link) => ({ spec: rule(family, { ...way, iif: link.name }), source: link.source }));
}
