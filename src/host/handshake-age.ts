// How old a peer's last handshake is. WireGuard tells its time of day (ktime_get_real_ts64 in drivers/net/wireguard/noise.c), and
// that may have been set since: a handshake of "in five hours" is none that is fresh.
import type { Clock } from './clock.ts';
import type { WgPeer } from './wireguard-types.ts';

/** NTP moves the clock by less than this without anybody's minding (seconds). */
const TOLERANCE = 2;

interface Seen {
  /** seconds since the epoch, as WireGuard tells it */
  readonly at: number;
  /** when it was, by ticks; undefined where nobody can tell */
  readonly ticks: number | undefined;
  /** by ticks */
  readonly lookedAt: number;
}

export type HandshakeAge = (dev: string, peer: Pick<WgPeer, 'publicKey' | 'latestHandshake'>) => number;

/** Seconds, never less than 0; Infinity: never, or nobody can tell. A handshake that was seen once keeps its age. */
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
      // the clock was set forward: it is news since the last look all the same
      return before === undefined ? told : Math.max(told, before.lookedAt);
    }
    // another time than at the last look: there was a handshake in between, whatever the clock says
    return before?.lookedAt;
  }
}
