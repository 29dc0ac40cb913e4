// The delay before a retry: 1 s, doubled each time up to 5 minutes, without an end. Pure.

const FIRST_MS = 1_000;
const LONGEST_MS = 5 * 60_000;
/** the largest share of the delay that chance subtracts, so that many routers do not retry at the same time */
const JITTER = 0.2;

/**
 * @param tries number of earlier failures in a row, from 0
 * @param random from 0 to 1
 */
export function retryDelay(tries: number, random: number): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 20));
  return Math.round(whole * (1 - JITTER * random));
}
