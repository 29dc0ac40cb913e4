// Chooses the endpoint address that a tunnel without a handshake tries next, and when. The addresses take turns in the order of
// the resolver, for a few seconds at first and later for longer. Pure.

/** WireGuard retries a handshake every 5 s (REKEY_TIMEOUT), so it calls each address at least once in its time. */
const FIRST_MS = 8_000;
const LONGEST_MS = 120_000;
/** The part of an address's time after which it may end, so that many tunnels change in one pass. */
const NEARLY = 0.75;

export interface Trial {
  readonly have: string;
  readonly since: number;
  /** number of addresses given up without a handshake */
  readonly left: number;
}

/**
 * @param before undefined if the tunnel had a handshake until now: the times start short again
 * @param have the endpoint that the kernel has, one of `all`
 * @returns `to`: the address to set now, undefined to keep `have`; `ms` until the next call is useful
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
  // if no pass sets the new address, the present one gets its time once more
  return { trial: { have, since: now, left: trial.left + 1 }, to, ms: time };
}
