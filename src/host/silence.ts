// How long a peer has been silent. WireGuard counts bytes without a time, so each look compares the counters: if they are equal,
// nothing arrived in between. WireGuard does not count packets that it refuses (a wrong key, a source outside AllowedIPs).
import type { Clock } from './clock.ts';
import type { WgPeer } from './wireguard-types.ts';

export interface Silence {
  /** seconds in which nothing was received, at least: since the first look that found the current count */
  readonly seconds: number;
  /** bytes sent in this time */
  readonly sent: number;
}

/** Call it at every look at a peer. */
export type SilenceOf = (dev: string, peer: Pick<WgPeer, 'publicKey' | 'rxBytes' | 'txBytes'>) => Silence;

interface Seen {
  readonly rx: number;
  /** sent bytes when `rx` was first seen */
  readonly tx: number;
  /** time when `rx` was first seen, in ticks */
  readonly at: number;
}

export function createSilence({ ticks }: Pick<Clock, 'ticks'>): SilenceOf {
  const seen = new Map<string, Seen>();
  return (dev, { publicKey, rxBytes: rx, txBytes: tx }) => {
    const key = `${dev} ${publicKey}`;
    const before = seen.get(key);
    const now = ticks();
    // a device that was deleted and made again counts from 0
    if (before?.rx !== rx || tx < before.tx) {
      seen.set(key, { rx, tx, at: now });
      return { seconds: 0, sent: 0 };
    }
    return { seconds: (now - before.at) / 1000, sent: tx - before.tx };
  };
}
