// The rule set that keeps two internets apart; docs/adr/0003 has the table, the reasons and the measurements.
import type { Desired } from '../../engine/types.ts';
import type { Priorities, RouterModel, SourceRef } from '../../model/types.ts';
import type { Family } from '../../net/ip.ts';
import { WGOSPF_PROTOCOL } from '../../net/names.ts';
import { families, unique } from '../tags.ts';
import { ruleKey, type RuleSpec } from './spec.ts';

type Partial = Pick<RuleSpec, 'priority' | 'action'> & {
  [K in 'table' | 'target' | 'iif' | 'from' | 'to']?: RuleSpec[K];
};

function rule(family: Family, part: Partial): RuleSpec {
  const none = { table: 0, target: 0, iif: '', from: undefined, to: undefined };
  return { ...none, ...part, family, protocol: WGOSPF_PROTOCOL, extra: '' };
}

/** Packets of this host itself (`iif lo`): by or to a mesh address through the mesh or not at all, all others past the list. */
function localRules(model: RouterModel, family: Family, p: Priorities): RuleSpec[] {
  const table = model.mesh.table.id;
  const own = model.mesh.prefixes.filter((prefix) => prefix.family === family);
  return [
    ...own.map((to) => rule(family, { priority: p.localTo, action: 'lookup', table, iif: 'lo', to })),
    ...own.map((from) => rule(family, { priority: p.localFrom, action: 'lookup', table, iif: 'lo', from })),
    ...own.map((to) => rule(family, { priority: p.localGuard, action: 'unreachable', iif: 'lo', to })),
    ...own.map((from) => rule(family, { priority: p.localGuard, action: 'unreachable', iif: 'lo', from })),
    rule(family, { priority: p.localSkip, action: 'goto', target: p.end, iif: 'lo' }),
  ];
}

/** Nobody reaches mesh hosts through the connected routes that every address leaves in main. */
function sharedGuards(model: RouterModel, family: Family, p: Priorities): RuleSpec[] {
  return [
    ...model.mesh.prefixes
      .filter((prefix) => prefix.family === family)
      .map((to) => rule(family, { priority: p.reverseGuard, action: 'unreachable', to })),
    rule(family, { priority: p.end, action: 'nop' }),
  ];
}

function interfaceRules(model: RouterModel, family: Family, p: Priorities): Desired<RuleSpec>[] {
  const table = model.mesh.table.id;
  const of = (name: string, priority: number, source: SourceRef): Desired<RuleSpec>[] => [
    { spec: rule(family, { priority, action: 'lookup', table, iif: name }), source },
    { spec: rule(family, { priority: p.forwardGuard, action: 'unreachable', iif: name }), source },
  ];
  return [
    ...model.interfaces.flatMap(({ name, source }) => of(name, p.interface, source)),
    ...model.tunnels.flatMap(({ name, source }) => of(name, p.tunnel, source)),
  ];
}

/** With `table: main` the box is mesh alone: there is nothing to keep apart. */
export function desiredRules(model: RouterModel): Desired<RuleSpec>[] {
  if (model.mesh.main) return [];
  const { priorities, source } = model.mesh;
  const all = families(model).flatMap((family) => [
    ...[...sharedGuards(model, family, priorities), ...localRules(model, family, priorities)].map((spec) => ({
      spec,
      source,
    })),
    ...interfaceRules(model, family, priorities),
  ]);
  return unique(all, ruleKey);
}
