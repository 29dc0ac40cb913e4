// Routes of the fake host: what fib_table_insert, ip6_route_add and their deletes accept and refuse.
import type { NextHop, RouteFilter, RouteInfo, RouteTouch } from '../../src/host/types.ts';
import { contains, containsPrefix, formatPrefix, hasHostBits, networkOf } from '../../src/net/ip.ts';
import { ipv6On } from './fake-addresses.ts';
import type { FakeState } from './fake-state.ts';
import { hostError } from './fake-state.ts';

const MAIN = 254;
/** IP6_RT_PRIO_USER: the meaning of a metric of 0 in IPv6 */
const IPV6_DEFAULT_METRIC = 1024;

const operationOf = (verb: string, r: RouteInfo): string => `${verb} route ${formatPrefix(r.dst)} table ${r.table}`;

/** The requested routes, as a kernel with strict checking of requests lists them. */
export function listRoutes(state: FakeState, filter: RouteFilter = {}): RouteInfo[] {
  const { family, table, protocol, dev, touching } = filter;
  return state.routes.filter(
    (r) =>
      (family === undefined || r.dst.family === family) &&
      (table === undefined || r.table === table) &&
      (protocol === undefined || r.protocol === protocol) &&
      (dev === undefined || isBy(r, dev)) &&
      (touching === undefined || isTouched(r, touching)),
  );
}

const isBy = (r: RouteInfo, dev: string): boolean => (r.hops ?? [r]).some((hop) => hop.dev === dev);

const isTouched = (r: RouteInfo, { inside = [], devs = [], defaults }: RouteTouch): boolean =>
  (defaults === true && r.dst.length === 0) ||
  inside.some((prefix) => containsPrefix(prefix, r.dst)) ||
  devs.some((dev) => isBy(r, dev));

export function addRoute(state: FakeState, route: RouteInfo): void {
  const operation = operationOf('add', route);
  const { family } = route.dst;
  if (family === 6 && !state.ipv6) throw hostError(operation, 'EOPNOTSUPP');
  // IPv6 masks the destination itself, IPv4 refuses
  if (family === 4 && hasHostBits(route.dst))
    throw hostError(operation, 'EINVAL', 'Invalid prefix for given prefix length.');
  const reaches = ['unicast', 'local', 'multicast'].includes(route.type);
  const dev = reaches ? nextHopDevice(state, route, operation) : '';
  const metric = family === 6 && route.metric === 0 ? IPV6_DEFAULT_METRIC : route.metric;
  const { table, type, protocol, via, hops } = route;
  const plain = { table, type, protocol, via, dst: networkOf(route.dst), dev, metric };
  const added = hops === undefined ? plain : { ...plain, hops };
  if (state.routes.some((r) => sameSlot(r, added))) throw hostError(operation, 'EEXIST');
  state.routes.push(added);
}

/**
 * A table holds one route per destination and metric, with any type and next hop (NLM_F_EXCL); for link-local and multicast
 * networks one for each link.
 */
const sameSlot = (a: RouteInfo, b: RouteInfo): boolean =>
  a.table === b.table &&
  formatPrefix(a.dst) === formatPrefix(b.dst) &&
  a.metric === b.metric &&
  (!['fe80::', 'ff00::'].includes(a.dst.address) || a.dev === b.dev);

function nextHopDevice(state: FakeState, route: RouteInfo, operation: string): string {
  const { family } = route.dst;
  if (route.hops !== undefined) {
    for (const hop of route.hops) nextHopDevice(state, plainOf(route, hop), operation);
    return '';
  }
  if (route.dev === '' && route.via === undefined) throw hostError(operation, 'EINVAL');
  if (route.dev !== '') {
    const link = state.links.get(route.dev);
    if (link === undefined) throw hostError(operation, 'ENODEV');
    if (!link.up) throw hostError(operation, 'ENETDOWN', 'Device for nexthop is not up.');
    if (family === 6 && !ipv6On(state, route.dev))
      throw hostError(operation, 'EACCES', 'IPv6 is disabled on nexthop device.');
  }
  if (route.via === undefined) return route.dev;
  const dev = gatewayDevice(state, route, route.via);
  if (dev !== undefined) return dev;
  throw hostError(operation, family === 4 ? 'ENETUNREACH' : 'EHOSTUNREACH', 'Nexthop has invalid gateway.');
}

/** fib_check_nh looks up the gateway first in the route's own table, then by the rules; here that is main. */
function gatewayDevice(state: FakeState, route: RouteInfo, via: string): string | undefined {
  const covers = (r: RouteInfo): boolean =>
    r.type === 'unicast' && r.via === undefined && contains(r.dst, via) && (route.dev === '' || r.dev === route.dev);
  return [route.table, MAIN]
    .map((t) => state.routes.find((r) => r.table === t && covers(r))?.dev)
    .find((d) => d !== undefined);
}

const plainOf = ({ table, type, dst, metric, protocol }: RouteInfo, hop: NextHop): RouteInfo => ({
  ...{ table, type, dst, metric, protocol },
  ...hop,
});

/**
 * Device and gateway are compared only with the first of several next hops (fib_nh_match), so a delete without both
 * removes the whole route. IPv6 compares each sibling separately.
 */
function goesBy(r: RouteInfo, { dev, via }: RouteInfo): boolean {
  const [first = r] = r.hops ?? [];
  return (first.dev === dev || dev === '') && (first.via === via || (dev === '' && via === undefined));
}

export function deleteRoute(state: FakeState, route: RouteInfo): void {
  const operation = operationOf('delete', route);
  if (route.dst.family === 6 && !state.ipv6) throw hostError(operation, 'EOPNOTSUPP');
  if (route.dev !== '' && !state.links.has(route.dev)) throw hostError(operation, 'ENODEV');
  const metric = route.dst.family === 6 && route.metric === 0 ? IPV6_DEFAULT_METRIC : route.metric;
  const at = state.routes.findIndex(
    (r) =>
      sameSlot(r, { ...route, metric }) && r.type === route.type && r.protocol === route.protocol && goesBy(r, route),
  );
  if (at < 0) throw hostError(operation, 'ESRCH');
  state.routes.splice(at, 1);
}
