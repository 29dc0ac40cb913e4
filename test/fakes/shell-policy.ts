// `ip route` and `ip rule` as a person types them, on the fake host.
import type { NextHop, RouteInfo, RouteType, RuleAction, RuleInfo, RuleSelector } from '../../src/host/types.ts';
import type { Family, Prefix } from '../../src/net/ip.ts';
import { formatPrefix, hostPrefix, parsePrefix } from '../../src/net/ip.ts';
import { addRoute, deleteRoute } from './fake-routes.ts';
import { addRule, deleteRule } from './fake-rules.ts';
import { removeWhere, type FakeState } from './fake-state.ts';
import { protocolNumber, tableNumber } from './shell-names.ts';
import type { Words } from './shell.ts';

const toPrefix = (word: string, family: Family): Prefix =>
  word === 'default'
    ? { family, address: family === 4 ? '0.0.0.0' : '::', length: 0 }
    : (parsePrefix(word) ?? hostPrefix(word));

const types = ['unreachable', 'blackhole', 'prohibit', 'throw', 'local', 'multicast'] as const;

interface RouteWords {
  type?: RouteType;
  dst: Prefix;
  dev?: string;
  via?: string;
  table?: number;
  metric?: number;
  protocol?: number;
  hops?: NextHop[];
}

function routeWords(state: FakeState, family: Family, words: Words): RouteWords {
  const type = types.find((t) => words.take(t));
  const dst = toPrefix(words.next(), family);
  return { dst, ...(type === undefined ? {} : { type }), ...routeAttributes(state, words) };
}

function routeAttributes(state: FakeState, words: Words): Omit<RouteWords, 'dst'> {
  const route: Omit<RouteWords, 'dst'> = {};
  while (!words.done()) {
    if (words.take('nexthop')) (route.hops ??= []).push(nextHop(words));
    else if (words.take('dev')) route.dev = words.next();
    else if (words.take('via')) route.via = words.next();
    else if (words.take('table')) route.table = tableNumber(state, words.next());
    else if (words.take('metric')) route.metric = Number(words.next());
    else if (words.take('src')) words.next();
    else if (words.take('proto', 'protocol')) route.protocol = protocolNumber(words.next());
    else throw new Error(`ip route: ${words.rest().join(' ')} is not known here`);
  }
  return route;
}

/** `nexthop via VIA dev DEV`, once for each next hop, after everything else. */
function nextHop(words: Words): NextHop {
  const via = words.take('via') ? words.next() : undefined;
  if (!words.take('dev')) throw new Error('ip route: a next hop needs a device here');
  return { dev: words.next(), via };
}

/** Flushes every route of the family that has all given attributes. */
function flushRoutes(state: FakeState, family: Family, words: Words): void {
  const given = Object.entries(routeAttributes(state, words)) as [keyof RouteInfo, unknown][];
  const doomed = state.routes.filter((r) => r.dst.family === family && given.every(([k, v]) => r[k] === v));
  // not by deleteRoute: a metric of 0, which the kernel's own local routes have, would mean another metric there
  removeWhere(state.routes, (r) => doomed.includes(r));
}

export function ipRoute(state: FakeState, verb: string, family: Family, words: Words): void {
  if (verb === 'flush') {
    flushRoutes(state, family, words);
    return;
  }
  const asked = routeWords(state, family, words);
  if (verb === 'add' || verb === 'append' || verb === 'replace') {
    if (verb === 'replace') dropTwin(state, asked);
    const none = { type: 'unicast', dev: '', via: undefined, table: 254, metric: 0, protocol: 3 } as const;
    addRoute(state, { ...none, ...asked });
    return;
  }
  // an attribute that is not given matches anything; the first such route is deleted (fib_table_delete)
  const table = asked.table ?? 254;
  const matches = (r: RouteInfo): boolean =>
    r.table === table &&
    formatPrefix(r.dst) === formatPrefix(asked.dst) &&
    (['type', 'dev', 'via', 'metric', 'protocol'] as const).every((k) => asked[k] === undefined || asked[k] === r[k]);
  const found = state.routes.find(matches);
  if (found === undefined) throw new Error('RTNETLINK answers: No such process');
  deleteRoute(state, found);
}

/** `replace` replaces the route with the same destination and metric, if there is one. */
function dropTwin(state: FakeState, { dst, table = 254, metric = 0 }: RouteWords): void {
  const twin = state.routes.find(
    (r) => r.table === table && r.metric === metric && formatPrefix(r.dst) === formatPrefix(dst),
  );
  if (twin !== undefined) deleteRoute(state, twin);
}

type RuleWords = { -readonly [K in keyof RuleSelector]?: RuleSelector[K] } & {
  action?: RuleAction;
  table?: number;
  target?: number;
};

function ruleWords(state: FakeState, family: Family, words: Words): RuleWords {
  const rule: RuleWords = { family };
  const extra: string[] = [];
  while (!words.done()) {
    const action = (['unreachable', 'blackhole', 'prohibit', 'nop'] as const).find((a) => words.take(a));
    if (action !== undefined) rule.action = action;
    else if (words.take('priority', 'pref', 'preference')) rule.priority = Number(words.next());
    else if (words.take('iif')) rule.iif = words.next();
    else if (words.take('fwmark')) rule.mark = words.next();
    else if (words.take('from')) rule.from = someSource(words.next(), family);
    else if (words.take('to')) rule.to = someSource(words.next(), family);
    else if (words.take('lookup', 'table')) rule.table = tableNumber(state, words.next());
    else if (words.take('l3mdev')) rule.l3mdev = true;
    else if (words.take('goto')) [rule.action, rule.target] = ['goto', Number(words.next())];
    else if (words.take('protocol', 'proto')) rule.protocol = protocolNumber(words.next());
    else extra.push(words.next());
  }
  if (extra.length > 0) rule.extra = extra.join(' ');
  return rule;
}

const someSource = (word: string, family: Family): Prefix | undefined =>
  word === 'all' ? undefined : toPrefix(word, family);

export function ipRule(state: FakeState, verb: string, family: Family, words: Words): void {
  const asked = ruleWords(state, family, words);
  const action: RuleAction = asked.action ?? 'lookup';
  if (verb === 'add') {
    const none = { family, iif: '', from: undefined, to: undefined, protocol: 0, extra: '' } as const;
    const table = action === 'lookup' && asked.l3mdev !== true ? { table: asked.table ?? 254 } : {};
    addRule(state, { ...none, priority: freePriority(state, family), ...asked, action, ...table } as RuleInfo);
    return;
  }
  // a missing attribute is a wildcard, the first match is deleted (fib_nl_delrule)
  const given = Object.entries(asked).map(([word, value]) => [word, JSON.stringify(value)] as const);
  const matches = (r: object): boolean =>
    given.every(([word, value]) => value === JSON.stringify((r as Record<string, unknown>)[word]));
  const found = state.rules.find(matches);
  if (found === undefined) throw new Error('RTNETLINK answers: No such file or directory');
  deleteRule(state, found);
}

/** fib_default_rule_pref: one less than the second rule's priority */
function freePriority(state: FakeState, family: Family): number {
  const second = state.rules.filter((r) => r.family === family)[1];
  return second === undefined || second.priority === 0 ? 0 : second.priority - 1;
}
