// Facts -> Status, pure.
import { APPLY } from '../model/cure-words.ts';
import { isInSync } from '../engine/reconcile.ts';
import type { RouteInfo } from '../host/types.ts';
import { BIRD_PROTOCOL, MAIN_TABLE, WGOSPF_PROTOCOL } from '../net/names.ts';
import { adjacencyStatus } from './adjacency-status.ts';
import { linkState, tunnelStatus } from './tunnel-status.ts';
import type { Facts, InterfaceStatus, RouteCount, Status, Wanted, WantedInterface } from './types.ts';

/** RTPROT_* of linux/rtnetlink.h, by the names of iproute2's rt_protos. */
const protocols: Readonly<Record<number, string>> = {
  0: 'unspec',
  1: 'redirect',
  2: 'kernel',
  3: 'boot',
  4: 'static',
  9: 'ra',
  16: 'dhcp',
  [BIRD_PROTOCOL]: 'bird',
  [WGOSPF_PROTOCOL]: 'wgospf',
};

/** In table main only routes of BIRD and of wgospf belong to the mesh. */
function routeCounts(routes: readonly RouteInfo[], table: Wanted['table']): RouteCount[] {
  const ours = routes.filter(
    (r) =>
      r.table === table?.id &&
      (r.table !== MAIN_TABLE || r.protocol === BIRD_PROTOCOL || r.protocol === WGOSPF_PROTOCOL),
  );
  const counts = Map.groupBy(ours, (r) => protocols[r.protocol] ?? String(r.protocol));
  return [...counts]
    .map(([protocol, list]) => ({ protocol, count: list.length }))
    .sort((a, b) => b.count - a.count || (a.protocol < b.protocol ? -1 : 1));
}

function interfaceStatus(i: WantedInterface, facts: Facts): InterfaceStatus {
  const link = linkState(facts, i.name);
  const absent = i.kind === 'dummy' ? `it does not exist: run ${APPLY}` : 'it is not plugged in or has another name';
  return {
    name: i.name,
    kind: i.kind,
    addresses: i.addresses,
    link,
    ospf: i.ospf && { cost: i.ospf.cost, type: i.ospf.type, stub: i.ospf.stub },
    reason: { up: undefined, down: 'its link is down', absent }[link],
  };
}

export function assess(wanted: Wanted, facts: Facts): Status {
  const tunnels = wanted.tunnels.map((t) => tunnelStatus(t, facts));
  const { plan } = facts;
  return {
    tunnels,
    adjacencies: adjacencyStatus(wanted, facts, tunnels),
    interfaces: wanted.interfaces.map((i) => interfaceStatus(i, facts)),
    table: wanted.table,
    routes: routeCounts(facts.routes, wanted.table),
    birdProblem: facts.ospf.up ? undefined : facts.ospf.reason,
    pending: plan?.operations.length,
    inSync: plan && isInSync(plan),
    conditions: plan?.conditions ?? [],
  };
}

/** Healthy: every tunnel up or idle, every adjacency Full, in sync. */
export const isHealthy = (s: Status): boolean =>
  s.inSync === true &&
  s.birdProblem === undefined &&
  s.tunnels.every((t) => t.state !== 'down') &&
  s.adjacencies.every((a) => a.reason === undefined);
