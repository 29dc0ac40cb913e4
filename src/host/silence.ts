// Since when a peer is silent. WireGuard counts bytes and tells no time of them, so the counters are compared at each look: between two
// of them that are alike, nothing came. What WireGuard refuses (a wrong key, a source outside AllowedIPs) it does not count.
import type { Clock } from './clock.ts';
import type { WgPeer } from './wireguard-types.ts';

export interface Silence {
  /** seconds in which nothing was received, at least: from the first look at the count as it is */
  readonly seconds: number;
  /** bytes sent meanwhile */
  readonly sent: number;
}

/** To be called at every look at a peer. */
export type SilenceOf = (dev: string, peer: Pick<WgPeer, 'publicKey' | 'rxBytes' | 'txBytes'>) => Silence;

interface Seen {
  readonly rx: number;
  /** when `rx` was first seen so */
  readonly tx: number;
  /** by ticks */
  readonly at: number;
}

export function createSilence({ ticks }: Pick<Clock, 'ticks'>): SilenceOf {
  const seen = new Map<string, Seen>();
  return (dev, { publicKey, rxBytes: rx, txBytes: tx }) => {
    const key = `${dev} ${publicKey}`;
    const before = seen.get(key);
    const now = ticks();
    // a device that was made anew counts from 0 again
    if (before?.rx !== rx || tx < before.tx) {
      seen.set(key, { rx, tx, at: now });
      return { seconds: 0, sent: 0 };
    }
    return { seconds: (now - before.at) / 1000, sent: tx - before.tx };
  };
}
