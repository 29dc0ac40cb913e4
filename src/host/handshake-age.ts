// The age of a peer's last handshake. WireGuard reports its time of day (ktime_get_real_ts64 in drivers/net/wireguard/noise.c), but
// the clock may have been set since: a handshake "in five hours" is not a recent one.
import type { Clock } from './clock.ts';
import type { WgPeer } from './wireguard-types.ts';

/** In seconds: normal corrections of the clock by NTP are smaller. */
const TOLERANCE = 2;

interface Seen {
  /** WireGuard's time of the handshake, seconds since the epoch */
  readonly at: number;
  /** time of the handshake in ticks; undefined if unknown */
  readonly ticks: number | undefined;
  /** time of the last look, in ticks */
  readonly lookedAt: number;
}

export type HandshakeAge = (dev: string, peer: Pick<WgPeer, 'publicKey' | 'latestHandshake'>) => number;

/** Seconds, at least 0; Infinity: never, or unknown. The age of a handshake that was seen before does not depend on the clock. */
export function createHandshakeAge({ now, ticks }: Pick<Clock, 'now' | 'ticks'>): HandshakeAge {
  const seen = new Map<string, Seen>();
  return (dev, { publicKey, latestHandshake: at }) => {
    const key = `${dev} ${publicKey}`;
    const before = seen.get(key);
    const lookedAt = ticks();
    const when = before?.at === at ? before.ticks : whenNew(at, before);
    seen.set(key, { at, ticks: when, lookedAt });
    return at === 0 || when === undefined ? Infinity : Math.max(0, lookedAt - when) / 1000;
  };

  function whenNew(at: number, before: Seen | undefined): number | undefined {
    const age = now() / 1000 - at;
    if (age >= -TOLERANCE) {
      const told = ticks() - Math.max(0, age) * 1000;
      // at the earliest at the last look, even if the clock was set forward
      return before === undefined ? told : Math.max(told, before.lookedAt);
    }
    // the time differs from the last look: there was a handshake in between, whatever the clock says
    return before?.lookedAt;
  }
}
