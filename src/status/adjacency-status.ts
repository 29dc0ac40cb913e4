// Whether each OSPF adjacency is Full and, where it is not, the likeliest reason (RFC 2328, 10.1; BIRD proto/ospf).
import type { OspfNeighbor } from '../host/bird/parse/neighbors.ts';
import type { AdjacencyStatus, Facts, TunnelStatus, Wanted, WantedInterface, WantedTunnel } from './types.ts';
import { familyOf, type Family } from '../net/ip.ts';
import { linkState } from './tunnel-status.ts';

type WantedLink = WantedTunnel | WantedInterface;

/** BIRD reports dropped packets only in its log, and not all of them (ospf_rx_hook of proto/ospf/packet.c: another network, area). */
const REFUSED = 'none arrived, or BIRD refused them (its log may say why)';

/** Reasons by the state in which an adjacency stays. */
const stuck: Readonly<Record<string, (on: string, link: WantedLink | undefined) => string>> = {
  Attempt: (on) => `hellos are sent over ${on}, and BIRD has accepted none from there yet: ${REFUSED}`,
  Init: (on, link) =>
    `its hellos arrive on ${on}, but it has not accepted ours yet; if this persists: type is ${link?.ospf?.type ?? 'other'} here and ` +
    'must be the same there, its neighbors must list our address, its firewall and AllowedIPs must allow OSPF (224.0.0.5, or ff02::5)',
  '2-Way': (on) => `${on} waits for the designated router`,
  ExStart: (on, link) =>
    `databases are not exchanged over ${on} yet; if this persists: the MTU of ${on} ` +
    `${link?.mtu === undefined ? '' : `is ${link.mtu} here and `}must be the same at the far end, because BIRD drops database ` +
    'descriptions with another MTU',
  Exchange: (on) =>
    `exchanging databases over ${on}; if this persists, large packets are lost: lower the MTU of both sides`,
  Loading: (on) =>
    `loading the database over ${on}; if this persists, large packets are lost: lower the MTU of both sides`,
};

/** Two routers of which neither is designated stay 2-Way for good. */
const completeAt2Way = (n: OspfNeighbor, link: WantedLink | undefined): boolean =>
  n.state === '2-Way' && n.role === 'Other' && (link?.ospf?.type === 'broadcast' || link?.ospf?.type === 'nbma');

function heard(n: OspfNeighbor, link: WantedLink | undefined): AdjacencyStatus {
  const expectedFull = !completeAt2Way(n, link);
  const reason = stuck[n.state]?.(n.interface, link) ?? `${n.interface} is in state ${n.state}`;
  const { routerId, address, state, role, deadTimer } = n;
  const well = state === 'Full' || !expectedFull;
  return {
    interface: n.interface,
    routerId,
    address,
    state,
    role,
    deadTimer,
    expectedFull,
    reason: well ? undefined : reason,
  };
}

function silentReason(link: WantedLink, family: Family, facts: Facts, tunnels: readonly TunnelStatus[]): string {
  if (!facts.ospf.up) return facts.ospf.reason;
  const tunnel = tunnels.find((t) => t.name === link.name);
  if (tunnel !== undefined && tunnel.state !== 'up')
    return `tunnel ${link.name} carries no traffic, see its own reason`;
  const state = linkState(facts, link.name);
  if (state !== 'up') return `interface ${link.name} is ${state}`;
  const type = link.ospf?.type ?? 'ptp';
  // with only one OSPF the version does not matter
  const version = link.ospf?.families.length === 1 && family === 4 ? 'OSPF' : family === 4 ? 'OSPFv2' : 'OSPFv3';
  const listed = type === 'ptmp' || type === 'nbma' ? ', and that it lists our address in its neighbors' : '';
  return (
    `BIRD has accepted no hello over ${link.name}: ${REFUSED}. Check that BIRD runs at the far end and speaks ${version} on this link with ` +
    `type ${type}, the same network, area, hello and dead timers and authentication, and another router id${listed}`
  );
}

/** An expected neighbour; without an address the unnamed end of a point-to-point link. */
interface Expected {
  readonly family: Family;
  readonly address: string | undefined;
}

function expected({ ospf }: WantedLink): Expected[] {
  if (ospf === undefined || ospf.stub || ospf.type === 'broadcast') return [];
  return ospf.families.flatMap((family): Expected[] => {
    const named = ospf.neighbors.filter((address) => familyOf(address) === family);
    if (ospf.type === 'ptp') return [{ family, address: named.length === 1 ? named[0] : undefined }];
    return named.map((address) => ({ family, address }));
  });
}

function silent(link: WantedLink, facts: Facts, tunnels: readonly TunnelStatus[]): AdjacencyStatus[] {
  const found = facts.ospf.up ? facts.ospf.neighbors.filter((n) => n.interface === link.name) : [];
  const isHere = ({ family, address }: Expected): boolean =>
    link.ospf?.type === 'ptp' || address === undefined
      ? found.some((n) => familyOf(n.address) === family)
      : found.some((n) => n.address === address);
  return expected(link)
    .filter((one) => !isHere(one))
    .map(({ family, address }) => ({
      interface: link.name,
      routerId: undefined,
      address,
      state: 'none',
      role: '',
      deadTimer: undefined,
      expectedFull: true,
      reason: silentReason(link, family, facts, tunnels),
    }));
}

/** All neighbours that BIRD has, and those that the state file names and BIRD has not; by interface. */
export function adjacencyStatus(wanted: Wanted, facts: Facts, tunnels: readonly TunnelStatus[]): AdjacencyStatus[] {
  const links = [...wanted.tunnels, ...wanted.interfaces];
  const known = facts.ospf.up
    ? facts.ospf.neighbors.map((n) =>
        heard(
          n,
          links.find((l) => l.name === n.interface),
        ),
      )
    : [];
  const all = [...known, ...links.flatMap((link) => silent(link, facts, tunnels))];
  return all.sort((a, b) => (a.interface < b.interface ? -1 : a.interface > b.interface ? 1 : 0));
}
