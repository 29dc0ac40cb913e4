// `isolation: vrf`: one l3mdev rule replaces the lookups of all interfaces; docs/adr/0015 has the reasons. Pure.
import type { Desired } from '../../engine/types.ts';
import type { RouterModel } from '../../model/types.ts';
import type { Family } from '../../net/ip.ts';
import { boundSkip, endRow, forwardGuards, localGuards, localLookups, localSkip, reverseGuards, rule } from './rows.ts';
import type { RuleSpec } from './spec.ts';
import { transitRules } from './transit-rules.ts';

/**
 * Beside the kernel's own rule at 1000, which comes only with the first VRF after a boot: somebody may have deleted it.
 * Packets of a slave, and of a socket that is bound to the device, use the table of their VRF, before `boundSkip`.
 */
const lookup = ({ mesh }: RouterModel, family: Family): RuleSpec =>
  rule(family, { priority: mesh.priorities.localTo - 2, action: 'lookup', l3mdev: true });

/**
 * Refuses packets of a socket that is bound to the device, whatever happens to the table. `oif` cannot match: Linux 5.18 and later
 * clear the device before they ask the rules (l3mdev_update_flow). The rule also matches other VRFs of the host: packets of sockets
 * bound to them are refused if their table has no route. An exit's own packets leave by main.
 */
const boundGuard = ({ mesh }: RouterModel, family: Family): RuleSpec[] =>
  mesh.exit
    ? []
    : [rule(family, { priority: mesh.priorities.localGuard, action: 'unreachable', iif: 'lo', l3mdev: true })];

/** A packet that a slave received comes in by the slave with IPv4, and by the device with IPv6 (ip_rcv_finish, ip6_rcv_finish). */
const deviceGuard = ({ mesh, env }: RouterModel, family: Family): RuleSpec[] =>
  env.foreignLinks?.includes(mesh.table.name) === true
    ? []
    : [rule(family, { priority: mesh.priorities.forwardGuard, action: 'unreachable', iif: mesh.table.name })];

export function vrfRules(model: RouterModel, family: Family): Desired<RuleSpec>[] {
  const { source } = model.mesh;
  const shared = [
    ...reverseGuards(model, family),
    ...endRow(model, family),
    ...localGuards(model, family),
    ...boundSkip(model, family),
    ...boundGuard(model, family),
    ...deviceGuard(model, family),
    ...localSkip(model, family),
    lookup(model, family),
    ...localLookups(model, family),
  ];
  return [...shared.map((spec) => ({ spec, source })), ...transitRules(model, family), ...forwardGuards(model, family)];
}
