// Which of its endpoint's addresses a tunnel without a handshake is to try, and when: each in its turn, in the order of the
// resolver, for a few seconds at first and then for longer. Pure.

/** WireGuard calls again every 5 s (REKEY_TIMEOUT), so that each address is called at least once in its time. */
const FIRST_MS = 8_000;
const LONGEST_MS = 120_000;
/** A time that is nearly over is over, so that many tunnels change in one pass. */
const NEARLY = 0.75;

export interface Trial {
  readonly have: string;
  readonly since: number;
  /** addresses that were left without a handshake */
  readonly left: number;
}

/**
 * @param before undefined where its tunnel has, or had until now, a handshake: the times are short ones again
 * @param have the endpoint that the kernel has, one of `all`
 * @returns the one to set now, undefined to stay; `ms` until it is worth asking again
 */
export function nextTrial(
  before: Trial | undefined,
  have: string,
  all: readonly string[],
  now: number,
): { readonly trial: Trial; readonly to: string | undefined; readonly ms: number } {
  const trial = before?.have === have ? before : { have, since: now, left: before?.left ?? 0 };
  const time = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.floor(trial.left / Math.max(1, all.length)));
  const over = trial.since + time - now;
  const to = all[(all.indexOf(have) + 1) % all.length];
  if (to === undefined || to === have) return { trial, to: undefined, ms: LONGEST_MS };
  if (over > time * (1 - NEARLY)) return { trial, to: undefined, ms: over };
  // where no pass sets it, this one has its time once more
  return { trial: { have, since: now, left: trial.left + 1 }, to, ms: time };
}
