// The forwarding decision of the fake host: rules in their order, the longest prefix of a table, the lowest metric
// (fib_rules_lookup, fib_table_lookup), and for IPv4 whether the interface forwards. The fake has no rp_filter: it accepts
// every source.
import type { RouteAnswer, RouteInfo, RouteQuery, RuleInfo } from '../../src/host/types.ts';
import { addressBytes, bitsOf, familyOf, type Family, type Prefix } from '../../src/net/ip.ts';
import { hostError, type FakeState } from './fake-state.ts';

/** l3mdev_fib_rule_match: for a VRF device itself or one of its slaves */
function vrfTable(state: FakeState, name: string): number | undefined {
  const link = state.links.get(name);
  return link?.table ?? state.links.get(link?.master ?? '')?.table;
}

/** Addresses as numbers, each parsed once, because one prefix is compared with many. */
const numbers = new Map<string, bigint>();
function numberOf(address: string): bigint {
  let number = numbers.get(address);
  if (number === undefined) {
    number = addressBytes(address).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    numbers.set(address, number);
  }
  return number;
}

function holds(prefix: Prefix, address: string): boolean {
  const shift = BigInt(bitsOf(prefix.family) - prefix.length);
  return numberOf(prefix.address) >> shift === numberOf(address) >> shift;
}

/** What a look-up reads from a host: sorted once for many questions. */
interface Fib {
  readonly state: FakeState;
  readonly rules: Readonly<Record<Family, readonly RuleInfo[]>>;
  /** of each family and table: longest prefix first, then the lowest metric */
  readonly tables: ReadonlyMap<string, readonly RouteInfo[]>;
  readonly own: ReadonlySet<string>;
}

function readFib(state: FakeState): Fib {
  const of = (family: Family): RuleInfo[] =>
    state.rules.filter((r) => r.family === family).toSorted((a, b) => a.priority - b.priority);
  const usable = (r: RouteInfo): boolean => r.dev === '' || state.links.get(r.dev)?.up === true;
  const sorted = state.routes.filter(usable).toSorted((a, b) => b.dst.length - a.dst.length || a.metric - b.metric);
  return {
    state,
    rules: { 4: of(4), 6: of(6) },
    tables: Map.groupBy(sorted, ({ table, dst }) => `${dst.family} ${table}`),
    own: new Set(state.addresses.map(({ prefix }) => prefix.address)),
  };
}

/** net/core/fib_rules.c, fib_rule_match: a packet of the host itself comes in through `lo` */
function matches(state: FakeState, rule: RuleInfo, { to, from, iif, oif, mark = 0 }: RouteQuery): boolean {
  const [value = 0, mask = 0] = rule.mark?.split('/').map(Number) ?? [];
  if (((mark ^ value) & mask) !== 0) return false;
  if (rule.iif !== '' && rule.iif !== (iif === '' ? 'lo' : iif)) return false;
  if (rule.oif !== undefined) return false;
  if (rule.l3mdev === true && vrfTable(state, oif ?? iif) === undefined) return false;
  if (rule.to !== undefined && !holds(rule.to, to)) return false;
  return rule.from === undefined || holds(rule.from, from ?? (familyOf(to) === 4 ? '0.0.0.0' : '::'));
}

/** undefined: the rule has no answer, and the next one is tried */
function verdict({ state, tables }: Fib, rule: RuleInfo, query: RouteQuery): RouteAnswer | undefined {
  if (rule.action === 'unreachable') return { verdict: 'refused', code: 'ENETUNREACH' };
  if (rule.action === 'prohibit') return { verdict: 'refused', code: 'EACCES' };
  if (rule.action === 'blackhole') return { verdict: 'refused', code: 'EINVAL' };
  if (rule.action !== 'lookup') return undefined;
  const table = rule.table ?? vrfTable(state, query.oif ?? query.iif) ?? 0;
  const route = tables.get(`${familyOf(query.to)} ${table}`)?.find(({ dst }) => holds(dst, query.to));
  if (route === undefined || route.type === 'throw') return undefined;
  if (route.type === 'local') return { verdict: 'local' };
  if (route.type !== 'unicast') return { verdict: 'refused', code: 'EHOSTUNREACH' };
  return { verdict: 'forward', dev: route.hops?.[0]?.dev ?? route.dev, table };
}

/**
 * An incoming packet is forwarded only if its interface forwards; else it is refused, whatever the rules say (ip_route_input_slow).
 * IPv6 checks this only for the packet itself (ip6_forward), and still answers the question for the route.
 */
const forwards = (state: FakeState, { to, iif }: RouteQuery): boolean =>
  iif === '' || familyOf(to) === 6 || state.sysctls.get(`net.ipv4.conf.${iif.replaceAll('.', '/')}.forwarding`) === '1';

function lookUpIn(fib: Fib, query: RouteQuery): RouteAnswer {
  const { state, rules, own } = fib;
  if (query.iif !== '' && !state.links.has(query.iif)) throw hostError(`look up ${query.to} by ${query.iif}`, 'ENODEV');
  if (own.has(query.to)) return { verdict: 'local' };
  if (!forwards(state, query)) return { verdict: 'refused', code: 'EHOSTUNREACH' };
  const asked = rules[familyOf(query.to)];
  let least = 0;
  for (const rule of asked) {
    if (rule.priority < least || !matches(state, rule, query)) continue;
    // skipped if the target rule is missing
    if (rule.action === 'goto' && asked.some(({ priority }) => priority === rule.target)) least = rule.target;
    const answer = verdict(fib, rule, query);
    if (answer !== undefined) return answer;
  }
  return { verdict: 'refused', code: 'ENETUNREACH' };
}

export function lookUpAll(state: FakeState, queries: readonly RouteQuery[]): RouteAnswer[] {
  const fib = readFib(state);
  return queries.map((query) => lookUpIn(fib, query));
}
