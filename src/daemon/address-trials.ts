// Which of its endpoint's addresses a tunnel without a handshake is to try, and when: each in its turn, in the order of the
// resolver, for a few seconds at first and then for longer. Pure but for its memory.

/** WireGuard calls again every 5 s (REKEY_TIMEOUT), so that each address is called at least once in its time. */
const FIRST_MS = 8_000;
const LONGEST_MS = 120_000;
/** A time that is nearly over is over, so that many tunnels change in one pass. */
const NEARLY = 0.75;

interface Trial {
  readonly have: string;
  readonly since: number;
  /** addresses that were left without a handshake */
  readonly left: number;
}

export interface Trials {
  /**
   * @param have the endpoint that the kernel has, one of `all`
   * @returns the one to set now, undefined to stay; `ms` until it is worth asking again
   */
  next(tunnel: string, have: string, all: readonly string[], now: number): { to: string | undefined; ms: number };
  /** it has a handshake: the next time begins with short times again */
  worked(tunnel: string): void;
}

export function createTrials(): Trials {
  const trials = new Map<string, Trial>();
  return {
    next(tunnel, have, all, now) {
      const before = trials.get(tunnel);
      const trial = before?.have === have ? before : { have, since: now, left: before?.left ?? 0 };
      trials.set(tunnel, trial);
      const time = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.floor(trial.left / Math.max(1, all.length)));
      const over = trial.since + time - now;
      const to = all[(all.indexOf(have) + 1) % all.length];
      if (to === undefined || to === have) return { to: undefined, ms: LONGEST_MS };
      if (over > time * (1 - NEARLY)) return { to: undefined, ms: over };
      // where no pass sets it, this one has its time once more
      trials.set(tunnel, { have, since: now, left: trial.left + 1 });
      return { to, ms: time };
    },
    worked: (tunnel) => void trials.delete(tunnel),
  };
}
