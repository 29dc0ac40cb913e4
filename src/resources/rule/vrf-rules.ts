// `isolation: vrf`: one l3mdev rule stands for the lookups of all interfaces; docs/adr/0015 has the reasons. Pure.
import type { Desired } from '../../engine/types.ts';
import type { RouterModel } from '../../model/types.ts';
import type { Family } from '../../net/ip.ts';
import { boundSkip, endRow, forwardGuards, localGuards, localLookups, localSkip, reverseGuards, rule } from './rows.ts';
import type { RuleSpec } from './spec.ts';
import { transitRules } from './transit-rules.ts';

/**
 * Beside the kernel's own at 1000, which comes with the first VRF of a boot and never again: somebody may have deleted it.
 * A packet of a slave, and one of a socket that is bound to the device, looks into the table of its VRF, before `boundSkip`.
 */
const lookup = ({ mesh }: RouterModel, family: Family): RuleSpec =>
  rule(family, { priority: mesh.priorities.localTo - 2, action: 'lookup', l3mdev: true });

/**
 * What a socket that is bound to the device sends, whatever happens to the table. `oif` cannot say it: Linux 5.18 and later
 * take the device out of the question before the rules are asked (l3mdev_update_flow). Other VRFs of the host are meant as well:
 * what their table does not know is refused to sockets that are bound to them. An exit's own packets leave by main.
 */
const boundGuard = ({ mesh }: RouterModel, family: Family): RuleSpec[] =>
  mesh.exit
    ? []
    : [rule(family, { priority: mesh.priorities.localGuard, action: 'unreachable', iif: 'lo', l3mdev: true })];

/** What comes in by a slave is of the slave for IPv4, and of the device for IPv6 (ip_rcv_finish, ip6_rcv_finish). */
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
