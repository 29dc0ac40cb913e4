// The rows that rule sets are made of, each for one family; docs/adr/0003 and 0013 have the tables and the reasons. Pure.
import type { Desired } from '../../engine/types.ts';
import type { RuleSelector, RuleVerdict } from '../../host/types.ts';
import type { RouterModel } from '../../model/types.ts';
import type { Family, Prefix } from '../../net/ip.ts';
import { WGOSPF_PROTOCOL } from '../../net/names.ts';
import type { RuleSpec } from './spec.ts';

type Said = Pick<RuleSelector, 'priority'> &
  Partial<Pick<RuleSelector, 'iif' | 'oif' | 'mark' | 'l3mdev' | 'from' | 'to'>> &
  RuleVerdict;

/** A rule of ours: what is said, and nothing else. */
export function rule(family: Family, said: Said): RuleSpec {
  const none = { iif: '', from: undefined, to: undefined };
  return { ...none, ...said, family, protocol: WGOSPF_PROTOCOL, extra: '' };
}

export const ofFamily = (prefixes: readonly Prefix[], family: Family): Prefix[] =>
  prefixes.filter((prefix) => prefix.family === family);

/** Packets of this host itself, by or to a mesh address. What leaves an exit by a mesh address follows main. */
export function localLookups({ mesh }: RouterModel, family: Family): RuleSpec[] {
  const own = ofFamily(mesh.prefixes, family);
  const { localTo, localFrom } = mesh.priorities;
  const lookup = { action: 'lookup', table: mesh.table.id, iif: 'lo' } as const;
  const from = mesh.exit ? [] : own;
  return [
    ...own.map((to) => rule(family, { ...lookup, priority: localTo, to })),
    ...from.map((f) => rule(family, { ...lookup, priority: localFrom, from: f })),
  ];
}

/** Packets of this host itself (`iif lo`), by or to a mesh address, end here. */
export function localGuards({ mesh }: RouterModel, family: Family): RuleSpec[] {
  const own = ofFamily(mesh.prefixes, family);
  const guard = { priority: mesh.priorities.localGuard, action: 'unreachable', iif: 'lo' } as const;
  // an exit's own packets leave by main as those of the mesh do
  const from = mesh.exit ? [] : own;
  return [...own.map((to) => rule(family, { ...guard, to })), ...from.map((f) => rule(family, { ...guard, from: f }))];
}

/**
 * A socket of this host that is bound to a VRF device, or to a link of one, is of that VRF, and the device is no `oif` any more when
 * rules are asked (l3mdev_update_flow): only `l3mdev` tells it. It skips the lookups, and `localGuards` refuse it the mesh. A
 * socket of the mesh's own VRF has found its way by then, at the `l3mdev` lookup before. A `goto` without a target would be passed over.
 */
export function boundSkip({ mesh }: RouterModel, family: Family): RuleSpec[] {
  if (ofFamily(mesh.prefixes, family).length === 0) return [];
  const { localTo, localGuard: target } = mesh.priorities;
  return [rule(family, { priority: localTo - 1, action: 'goto', target, iif: 'lo', l3mdev: true })];
}

/** All other packets of this host skip what is for those that come in, and go on at `endRow`. */
export function localSkip({ mesh }: RouterModel, family: Family): RuleSpec[] {
  const { localSkip: priority, end } = mesh.priorities;
  return [rule(family, { priority, action: 'goto', target: end, iif: 'lo' })];
}

export const endRow = ({ mesh }: RouterModel, family: Family): RuleSpec[] => [
  rule(family, { priority: mesh.priorities.end, action: 'nop' }),
];

/**
 * What comes in by no interface of the mesh. Nobody sends on by a mesh address, be it forged or that of a host behind an
 * interface that has left the file: dropped in silence, or the refusal itself would be sent into the mesh. And nobody
 * reaches mesh hosts through the connected routes that every address leaves in main.
 */
export function reverseGuards({ mesh }: RouterModel, family: Family): RuleSpec[] {
  const { spoofGuard, reverseGuard } = mesh.priorities;
  const own = ofFamily(mesh.prefixes, family);
  return [
    ...own.map((from) => rule(family, { priority: spoofGuard, action: 'blackhole', from })),
    ...own.map((to) => rule(family, { priority: reverseGuard, action: 'unreachable', to })),
  ];
}

/** What comes in by an interface of the mesh goes nowhere else, whatever happens to the table. */
export function forwardGuards(model: RouterModel, family: Family): Desired<RuleSpec>[] {
  const { forwardGuard: priority } = model.mesh.priorities;
  return [...model.interfaces, ...model.tunnels].map(({ name: iif, source }) => ({
    spec: rule(family, { priority, action: 'unreachable', iif }),
    source,
  }));
}
