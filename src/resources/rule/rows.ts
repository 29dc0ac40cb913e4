// The rows of the rule sets, each for one family; docs/adr/0003 and 0013 have the tables and the reasons. Pure.
import type { Desired } from '../../engine/types.ts';
import type { RuleSelector, RuleVerdict } from '../../host/types.ts';
import type { RouterModel } from '../../model/types.ts';
import type { Family, Prefix } from '../../net/ip.ts';
import { WGOSPF_PROTOCOL } from '../../net/names.ts';
import type { RuleSpec } from './spec.ts';

type Said = Pick<RuleSelector, 'priority'> &
  Partial<Pick<RuleSelector, 'iif' | 'oif' | 'mark' | 'l3mdev' | 'from' | 'to'>> &
  RuleVerdict;

/** A rule of ours with the given selectors only. */
export function rule(family: Family, said: Said): RuleSpec {
  const none = { iif: '', from: undefined, to: undefined };
  return { ...none, ...said, family, protocol: WGOSPF_PROTOCOL, extra: '' };
}

export const ofFamily = (prefixes: readonly Prefix[], family: Family): Prefix[] =>
  prefixes.filter((prefix) => prefix.family === family);

/** Packets of this host itself, from or to a mesh address. At an exit, packets from a mesh address use main. */
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

/** Refuses packets of this host itself (`iif lo`) from or to a mesh address. */
export function localGuards({ mesh }: RouterModel, family: Family): RuleSpec[] {
  const own = ofFamily(mesh.prefixes, family);
  const guard = { priority: mesh.priorities.localGuard, action: 'unreachable', iif: 'lo' } as const;
  // the exit's own packets leave by main, as those of the mesh do
  const from = mesh.exit ? [] : own;
  return [...own.map((to) => rule(family, { ...guard, to })), ...from.map((f) => rule(family, { ...guard, from: f }))];
}

/**
 * A socket of this host that is bound to a VRF device, or to a link of one, belongs to that VRF. When the kernel asks the rules, the
 * device is no longer the `oif` (l3mdev_update_flow), so only `l3mdev` matches. This rule skips the lookups, and `localGuards` refuse
 * the mesh. A socket of the mesh's own VRF has found its route at the `l3mdev` lookup before. A `goto` needs its target, or is ignored.
 */
export function boundSkip({ mesh }: RouterModel, family: Family): RuleSpec[] {
  if (ofFamily(mesh.prefixes, family).length === 0) return [];
  const { localTo, localGuard: target } = mesh.priorities;
  return [rule(family, { priority: localTo - 1, action: 'goto', target, iif: 'lo', l3mdev: true })];
}

/** All other packets of this host skip the rules for packets that come in, and continue at `endRow`. */
export function localSkip({ mesh }: RouterModel, family: Family): RuleSpec[] {
  const { localSkip: priority, end } = mesh.priorities;
  return [rule(family, { priority, action: 'goto', target: end, iif: 'lo' })];
}

export const endRow = ({ mesh }: RouterModel, family: Family): RuleSpec[] => [
  rule(family, { priority: mesh.priorities.end, action: 'nop' }),
];

/**
 * For packets that come in by no mesh interface. A mesh address as source is dropped, whether forged or of a host behind an
 * interface that has left the file: in silence, or the refusal itself would be sent into the mesh. A mesh address as
 * destination is refused, because the connected routes in main, one for each address, would lead there.
 */
export function reverseGuards({ mesh }: RouterModel, family: Family): RuleSpec[] {
  const { spoofGuard, reverseGuard } = mesh.priorities;
  const own = ofFamily(mesh.prefixes, family);
  return [
    ...own.map((from) => rule(family, { priority: spoofGuard, action: 'blackhole', from })),
    ...own.map((to) => rule(family, { priority: reverseGuard, action: 'unreachable', to })),
  ];
}

/** Packets that come in by a mesh interface can go nowhere else, whatever happens to the table. */
export function forwardGuards(model: RouterModel, family: Family): Desired<RuleSpec>[] {
  const { forwardGuard: priority } = model.mesh.priorities;
  return [...model.interfaces, ...model.tunnels].map(({ name: iif, source }) => ({
    spec: rule(family, { priority, action: 'unreachable', iif }),
    source,
  }));
}
