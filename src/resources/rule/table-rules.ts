// `isolation: table`: rules alone keep two internets apart; docs/adr/0003 and 0013 have the table and the reasons. Pure.
import type { Desired } from '../../engine/types.ts';
import type { RouterModel } from '../../model/types.ts';
import type { Family } from '../../net/ip.ts';
import { MESH_MARK, type MeshLink } from '../tags.ts';
import { endRow, forwardGuards, localGuards, localSkip, ofFamily, reverseGuards, rule } from './rows.ts';
import type { RuleSpec } from './spec.ts';

/** Packets of this host itself, by or to a mesh address. What leaves an exit by a mesh address follows main. */
function localLookups({ mesh }: RouterModel, family: Family): RuleSpec[] {
  const own = ofFamily(mesh.prefixes, family);
  const { localTo, localFrom } = mesh.priorities;
  const lookup = { action: 'lookup', table: mesh.table.id, iif: 'lo' } as const;
  const from = mesh.exit ? [] : own;
  return [
    ...own.map((to) => rule(family, { ...lookup, priority: localTo, to })),
    ...from.map((f) => rule(family, { ...lookup, priority: localFrom, from: f })),
  ];
}

/**
 * What comes from a transit network and is not for the mesh follows main; what is for one looks into the mesh's table,
 * wherever it comes from. A `goto` whose target is missing is passed over (fib_rules_lookup), and 1015 would then catch
 * what is for the mesh: so its target is a `nop` of our own.
 */
function transitRules({ mesh }: RouterModel, family: Family): RuleSpec[] {
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

/** What comes in by the mesh looks into its table: a rule for each interface, or one for the mark that nftables sets. */
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
    ...localSkip(model, family),
    ...transitRules(model, family),
    ...localLookups(model, family),
  ];
  return [...shared.map((spec) => ({ spec, source })), ...meshLookups(model, family), ...forwardGuards(model, family)];
}
