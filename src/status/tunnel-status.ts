// Whether a tunnel carries traffic and, where it does not, the likeliest reason.
import type { Silence } from '../host/silence.ts';
import type { WgDevice, WgPeer } from '../host/types.ts';
import { APPLY } from '../model/cure-words.ts';
import { familyOf, formatPrefix } from '../net/ip.ts';
import { formatAge, formatBytes, formatSpan } from '../net/units.ts';
import type { Facts, LinkState, TunnelStatus, WantedTunnel } from './types.ts';

/** REJECT_AFTER_TIME of the WireGuard paper (6.1): a session older than this carries nothing. */
export const REJECT_AFTER_SECONDS = 180;

export function linkState({ links }: Pick<Facts, 'links'>, name: string): LinkState {
  const link = links.find((l) => l.name === name);
  return link === undefined ? 'absent' : link.up ? 'up' : 'down';
}

/**
 * A far end that receives our hellos answers each within 10 s, at least with a keepalive (KEEPALIVE_TIMEOUT of 6.5; wg_timers_data_received
 * of drivers/net/wireguard/timers.c, which its AllowedIPs do not hold up). Without an answer for 15 s a new handshake is tried.
 */
const ANSWER_SECONDS = 25;

const linkReasons = {
  absent: (name: string) => `link ${name} does not exist: run ${APPLY}`,
  down: (name: string) => `link ${name} is down: run ${APPLY}`,
};

/** Why there was never a handshake. */
function neverReason(t: WantedTunnel, peer: WgPeer): string {
  if (peer.endpoint === '' && t.endpoint === undefined) {
    return `no handshake yet: this side listens on UDP ${t.listenPort} and waits for the far end`;
  }
  if (peer.endpoint === '') return `no handshake yet: ${t.endpoint ?? ''} does not resolve or was not set: check DNS`;
  if (peer.txBytes === 0) return `no handshake yet: nothing was sent to ${peer.endpoint} so far`;
  const sent = `no handshake yet: ${formatBytes(peer.txBytes)} sent to ${peer.endpoint}`;
  const secret = peer.presharedKeyDigest === '' ? 'no preshared key' : 'the same preshared key';
  // WireGuard does not count packets that it cannot decrypt (update_rx_stats of drivers/net/wireguard/receive.c)
  return peer.rxBytes === 0
    ? `${sent}, and no valid answer came: check that the far end is up, that its firewall lets the UDP port in, that it has our ` +
        `public key, and that it has ${secret}`
    : `${sent}, ${formatBytes(peer.rxBytes)} received: the far end sends and has our key, but our answer does not arrive or is ` +
        `refused: check that packets pass both ways, and that it has ${secret}`;
}

const UNKNOWN =
  'the last handshake has a time in the future, because the clock was set back; wait for the next one, within two minutes if the far end answers';

const farEnd = ({ endpoint }: WgPeer): string => (endpoint === '' ? 'the far end' : endpoint);

/** `nothing was received for 85 s, and 1.20 KiB were sent meanwhile`; undefined without a second of observation */
function silentText({ seconds, sent }: Silence): string | undefined {
  if (seconds < 1) return undefined;
  return `nothing was received for ${formatSpan(seconds)}, and ${formatBytes(sent)} were sent meanwhile`;
}

function oldReason(peer: WgPeer, age: number, silence: Silence): string {
  if (age === Infinity) return UNKNOWN;
  const silent = silentText(silence);
  const more = silent === undefined ? '' : ` (${silent})`;
  return `last handshake ${formatAge(age)} ago: there was no new one with ${farEnd(peer)}${more}`;
}

/** Why a session that is valid by its age carries nothing; undefined if there is no reason. */
function deadReason(t: WantedTunnel, peer: WgPeer, age: number, { silence, ospf }: Facts): string | undefined {
  const since = silence(t.name, peer);
  // without our hellos the far end need not answer
  if (!ospf.up || t.ospf === undefined || t.ospf.stub || since.sent === 0) return undefined;
  if (since.seconds < t.ospf.hello + ANSWER_SECONDS) return undefined;
  return `${silentText(since) ?? ''}; last handshake ${formatAge(age)} ago: ${farEnd(peer)} or the path to it is down`;
}

/** Without OSPF hellos and keepalives there is no traffic, and WireGuard sends nothing by itself. */
const mayIdle = (t: WantedTunnel): boolean => t.ospf === undefined && t.persistentKeepalive === 0;

function judge(
  t: WantedTunnel,
  { link, device, age }: { readonly link: LinkState; readonly device: WgDevice | undefined; readonly age: number },
  facts: Facts,
): Pick<TunnelStatus, 'state' | 'reason'> {
  const peer = device?.peers.find(({ publicKey }) => publicKey === t.peerKey);
  if (device?.unread !== undefined) return { state: 'down', reason: `its device cannot be read: ${device.unread}` };
  if (link !== 'up') return { state: 'down', reason: linkReasons[link](t.name) };
  if (peer === undefined) return { state: 'down', reason: `${t.name} does not have the peer: run ${APPLY}` };
  const dead = age < REJECT_AFTER_SECONDS ? deadReason(t, peer, age, facts) : undefined;
  if (dead !== undefined) return { state: 'down', reason: dead };
  if (age < REJECT_AFTER_SECONDS) return { state: 'up', reason: undefined };
  const reason = peer.latestHandshake === 0 ? neverReason(t, peer) : oldReason(peer, age, facts.silence(t.name, peer));
  return mayIdle(t)
    ? { state: 'idle', reason: `${reason} (no OSPF, no keepalive: silent while unused)` }
    : { state: 'down', reason };
}

function ospfState(t: WantedTunnel, { ospf }: Facts): TunnelStatus['ospf'] {
  if (t.ospf?.stub === true) return { cost: t.ospf.cost, state: 'stub' };
  const found = ospf.up ? ospf.neighbors.filter((n) => n.interface === t.name) : [];
  if (t.ospf === undefined) return found[0] && { cost: undefined, state: found[0].state };
  // the worse of OSPFv2 and OSPFv3
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
    silentFor: peer === undefined ? 0 : Math.floor(facts.silence(t.name, peer).seconds),
    latestHandshake: peer?.latestHandshake ?? 0,
    allowedIPs: (peer?.allowedIPs ?? []).map(formatPrefix),
    rxBytes: peer?.rxBytes ?? 0,
    txBytes: peer?.txBytes ?? 0,
    ...judge(t, { link, device, age }, facts),
    ospf: ospfState(t, facts),
  };
}
