// The forwarding decision of the fake host: rules in their order, the longest prefix of a table, the lowest metric
// (fib_rules_lookup, fib_table_lookup). The fake has no rp_filter: every source is believed.
import type { RouteAnswer, RouteInfo, RouteQuery, RuleInfo } from '../../src/host/types.ts';
import { contains, familyOf } from '../../src/net/ip.ts';
import { hostError, type FakeState } from './fake-state.ts';

/** l3mdev_fib_rule_match: of a VRF device itself or of what belongs to one */
function vrfTable(state: FakeState, name: string): number | undefined {
  const link = state.links.get(name);
  return link?.table ?? state.links.get(link?.master ?? '')?.table;
}

/** net/core/fib_rules.c, fib_rule_match: a packet of the host itself comes in by `lo` */
function matches(state: FakeState, rule: RuleInfo, { to, from, iif, oif, mark = 0 }: RouteQuery): boolean {
  const [value = 0, mask = 0] = rule.mark?.split('/').map(Number) ?? [];
  if (((mark ^ value) & mask) !== 0) return false;
  if (rule.iif !== '' && rule.iif !== (iif === '' ? 'lo' : iif)) return false;
  if (rule.oif !== undefined) return false;
  if (rule.l3mdev === true && vrfTable(state, oif ?? iif) === undefined) return false;
  if (rule.to !== undefined && !contains(rule.to, to)) return false;
  return rule.from === undefined || contains(rule.from, from ?? (familyOf(to) === 4 ? '0.0.0.0' : '::'));
}

function best(state: FakeState, table: number, { to }: RouteQuery): RouteInfo | undefined {
  const usable = (r: RouteInfo): boolean => r.dev === '' || state.links.get(r.dev)?.up === true;
  return state.routes
    .filter((r) => r.table === table && r.dst.family === familyOf(to) && contains(r.dst, to) && usable(r))
    .toSorted((a, b) => b.dst.length - a.dst.length || a.metric - b.metric)[0];
}

/** undefined: the rule says nothing, and the next one is asked */
function verdict(state: FakeState, rule: RuleInfo, query: RouteQuery): RouteAnswer | undefined {
  if (rule.action === 'unreachable') return { verdict: 'refused', code: 'ENETUNREACH' };
  if (rule.action === 'prohibit') return { verdict: 'refused', code: 'EACCES' };
  if (rule.action === 'blackhole') return { verdict: 'refused', code: 'EINVAL' };
  if (rule.action !== 'lookup') return undefined;
  const table = rule.l3mdev === true ? (vrfTable(state, query.oif ?? query.iif) ?? 0) : rule.table;
  const route = best(state, table, query);
  if (route === undefined || route.type === 'throw') return undefined;
  if (route.type === 'local') return { verdict: 'local' };
  if (route.type !== 'unicast') return { verdict: 'refused', code: 'EHOSTUNREACH' };
  return { verdict: 'forward', dev: route.hops?.[0]?.dev ?? route.dev, table };
}

export function lookUp(state: FakeState, query: RouteQuery): RouteAnswer {
  if (query.iif !== '' && !state.links.has(query.iif)) throw hostError(`look up ${query.to} by ${query.iif}`, 'ENODEV');
  // the kernel keeps own addresses in table local, which the fake does not show
  if (state.addresses.some(({ prefix }) => prefix.address === query.to)) return { verdict: 'local' };
  const rules = state.rules.filter((r) => r.family === familyOf(query.to)).toSorted((a, b) => a.priority - b.priority);
  let least = 0;
  for (const rule of rules) {
    if (rule.priority < least || !matches(state, rule, query)) continue;
    // passed over where there is no rule to go to
    if (rule.action === 'goto' && rules.some(({ priority }) => priority === rule.target)) least = rule.target;
    const answer = verdict(state, rule, query);
    if (answer !== undefined) return answer;
  }
  return { verdict: 'refused', code: 'ENETUNREACH' };
}
