// Whether a tunnel carries traffic and, where it does not, the likeliest reason.
import { APPLY } from '../model/cure-words.ts';
import type { WgDevice, WgPeer } from '../host/types.ts';
import { familyOf, formatPrefix } from '../net/ip.ts';
import { formatAge, formatBytes } from '../net/units.ts';
import type { Facts, LinkState, TunnelStatus, WantedTunnel } from './types.ts';

/** REJECT_AFTER_TIME of the WireGuard paper (6.1): a session older than this carries nothing. */
export const REJECT_AFTER_SECONDS = 180;

export function linkState({ links }: Pick<Facts, 'links'>, name: string): LinkState {
  const link = links.find((l) => l.name === name);
  return link === undefined ? 'absent' : link.up ? 'up' : 'down';
}

const linkReasons = {
  absent: (name: string) => `link ${name} does not exist: run ${APPLY}`,
  down: (name: string) => `link ${name} is down: run ${APPLY}`,
};

/** Why there was never a handshake. */
function neverReason(t: WantedTunnel, peer: WgPeer): string {
  if (peer.endpoint === '' && t.endpoint === undefined) {
    return `no handshake yet: this side listens on UDP ${t.listenPort} and waits for the far side to call`;
  }
  if (peer.endpoint === '') return `no handshake yet: ${t.endpoint ?? ''} does not resolve or was not set: check DNS`;
  if (peer.txBytes === 0) return `no handshake yet: nothing was sent to ${peer.endpoint} so far`;
  const sent = `${formatBytes(peer.txBytes)} sent to ${peer.endpoint}, ${formatBytes(peer.rxBytes)} received`;
  return peer.rxBytes === 0
    ? `no handshake yet: ${sent}: is the far side up, does its firewall let the UDP port in, does it know our public key?`
    : `no handshake yet: ${sent}: keys or preshared key of the two sides do not match`;
}

const UNKNOWN =
  'the last handshake bears a time that is still to come, for the clock was set back; the next one, within two minutes where the far side answers, tells';

const oldReason = (peer: WgPeer, age: number): string =>
  age === Infinity
    ? UNKNOWN
    : `last handshake ${formatAge(age)} ago: ${peer.endpoint === '' ? 'the far side' : peer.endpoint} does not answer`;

/** Without OSPF hellos and keepalives nothing has to cross, and WireGuard sends nothing by itself. */
const mayIdle = (t: WantedTunnel): boolean => t.ospf === undefined && t.persistentKeepalive === 0;

function judge(
  t: WantedTunnel,
  link: LinkState,
  device: WgDevice | undefined,
  age: number,
): Pick<TunnelStatus, 'state' | 'reason'> {
  const peer = device?.peers.find(({ publicKey }) => publicKey === t.peerKey);
  if (device?.unread !== undefined) return { state: 'down', reason: `it cannot be asked: ${device.unread}` };
  if (link !== 'up') return { state: 'down', reason: linkReasons[link](t.name) };
  if (peer === undefined) return { state: 'down', reason: `${t.name} does not have the peer: run ${APPLY}` };
  if (age < REJECT_AFTER_SECONDS) return { state: 'up', reason: undefined };
  const reason = peer.latestHandshake === 0 ? neverReason(t, peer) : oldReason(peer, age);
  return mayIdle(t)
    ? { state: 'idle', reason: `${reason} (no OSPF, no keepalive: silent while unused)` }
    : { state: 'down', reason };
}

function ospfState(t: WantedTunnel, { ospf }: Facts): TunnelStatus['ospf'] {
  if (t.ospf?.stub === true) return { cost: t.ospf.cost, state: 'stub' };
  const found = ospf.up ? ospf.neighbors.filter((n) => n.interface === t.name) : [];
  if (t.ospf === undefined) return found[0] && { cost: undefined, state: found[0].state };
  // of OSPFv2 and OSPFv3 the one that is behind
  const states = t.ospf.families.map((family) => found.find((n) => familyOf(n.address) === family)?.state ?? 'none');
  return { cost: t.ospf.cost, state: states.find((state) => state !== 'Full') ?? states[0] ?? 'none' };
}

export function tunnelStatus(t: WantedTunnel, facts: Facts): TunnelStatus {
  const device = facts.devices.find((d) => d.name === t.name);
  const peer = device?.peers.find((p) => p.publicKey === t.peerKey);
  const link = linkState(facts, t.name);
  const age = peer === undefined ? Infinity : facts.handshakeAge(t.name, peer);
  return {
    name: t.name,
    peerKey: t.peerKey,
    endpoint: peer?.endpoint ?? '',
    configuredEndpoint: t.endpoint,
    addresses: t.addresses,
    link,
    handshakeAge: age === Infinity ? undefined : age,
    latestHandshake: peer?.latestHandshake ?? 0,
    allowedIPs: (peer?.allowedIPs ?? []).map(formatPrefix),
    rxBytes: peer?.rxBytes ?? 0,
    txBytes: peer?.txBytes ?? 0,
    ...judge(t, link, device, age),
    ospf: ospfState(t, facts),
  };
}
