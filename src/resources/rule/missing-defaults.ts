// Reports that somebody deleted the rules that the kernel makes at boot. wgospf neither deletes nor makes them.
import type { Condition } from '../../engine/types.ts';
import type { RouterModel } from '../../model/types.ts';
import { DEFAULT_TABLE, LOCAL_TABLE, MAIN_TABLE } from '../../net/names.ts';
import { families } from '../tags.ts';
import type { RuleSpec } from './spec.ts';

/** The kernel's own rules (fib_default_rules_init in net/ipv4/fib_rules.c and net/ipv6/fib6_rules.c). */
const DEFAULTS = [
  { name: 'local', table: LOCAL_TABLE, priority: 0, families: [4, 6] },
  { name: 'main', table: MAIN_TABLE, priority: 32766, families: [4, 6] },
  { name: 'default', table: DEFAULT_TABLE, priority: 32767, families: [4] },
] as const;

/** A lookup without selectors, at any priority: somebody who moved the rule knows why. */
const looksUp = (rule: RuleSpec, family: 4 | 6, table: number): boolean =>
  rule.family === family &&
  rule.action === 'lookup' &&
  rule.table === table &&
  rule.iif === '' &&
  rule.oif === undefined &&
  rule.mark === undefined &&
  rule.l3mdev === undefined &&
  rule.from === undefined &&
  rule.to === undefined &&
  rule.extra === '';

/** systemd-networkd may delete them (systemd#41350): then only packets of the mesh find a route. */
export function missingDefaults(rules: readonly RuleSpec[], model: RouterModel): Condition[] {
  const adds = families(model).flatMap((family) =>
    DEFAULTS.filter((rule) => rule.families.some((f) => f === family))
      .filter(({ table }) => !rules.some((rule) => looksUp(rule, family, table)))
      .map(({ name, priority }) => `ip ${family === 6 ? '-6 ' : ''}rule add priority ${priority} lookup ${name}`),
  );
  if (adds.length === 0) return [];
  const message = `rules that the kernel makes at boot were deleted, so traffic outside the mesh finds no route; put them back: ${adds.join(' && ')}`;
  return [{ code: 'default-rules-missing', severity: 'warning', subject: 'ip rule', message }];
}
